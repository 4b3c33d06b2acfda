// One of an M2M device's two buffer queues, the same for the single- and the multi-planar API.
#pragma once

#include "m2m_device.h"
#include "mapping.h"

#include <array>
#include <vector>

namespace csi {

constexpr uint32_t kMemoryPlanesMax = 3;

/** One memory plane of a buffer that is queued. Bytes. */
struct QueuedPlane {
  int fd;              // dmabuf; of no meaning for MMAP
  uint32_t byte_count; // size of the dmabuf
  uint32_t bytes_used; // up to the last byte of the picture
};

struct DequeuedBuffer {
  uint32_t index;
  uint32_t flags;  // V4L2_BUF_FLAG_…
  int64_t time_us; // as it went in
  uint32_t offset; // of the data, bytes
  uint32_t bytes_used;
};

class BufferQueue {
public:
  /** Asks for `count` buffers (the driver may give others) of `plane_count` memory planes each and maps those of
   *  V4L2_MEMORY_MMAP. Throws Error. */
  BufferQueue(const M2mDevice &device, Side side, uint32_t memory, uint32_t count, uint32_t plane_count);

  /** Stops streaming and frees the buffers: the device has none of them any more. */
  ~BufferQueue();
  BufferQueue(const BufferQueue &) = delete;
  BufferQueue &operator=(const BufferQueue &) = delete;

  uint32_t size() const noexcept { return static_cast<uint32_t>(mappings_.size()); }
  uint32_t memory() const noexcept { return memory_; }

  /** A buffer's memory plane; only with V4L2_MEMORY_MMAP. */
  const Mapping &mapping(uint32_t index, uint32_t plane) const { return mappings_.at(index).at(plane); }

  /** Throws Error. */
  void stream_on();

  /** All buffers come back without a result. */
  void stream_off() noexcept;

  /** VIDIOC_QBUF: 0 or -errno. `planes` may be null for CAPTURE. */
  int queue(uint32_t index, int64_t time_us, const QueuedPlane *planes) const noexcept;

  /** VIDIOC_PREPARE_BUF: 0 or -errno. */
  int prepare(uint32_t index, const QueuedPlane *planes) const noexcept;

  /** VIDIOC_DQBUF: 0 or -errno; -EAGAIN when no buffer is done. */
  int dequeue(DequeuedBuffer *out) const noexcept;

private:
  struct Description;

  void map_buffer(uint32_t index);

  const M2mDevice &device_;
  const uint32_t type_;
  const uint32_t memory_;
  const uint32_t plane_count_;
  std::vector<std::array<Mapping, kMemoryPlanesMax>> mappings_;
};

} // namespace csi
