#include "buffer_queue.h"

#include <algorithm>
#include <cstring>

namespace csi {

/** A v4l2_buffer that knows where its planes are. */
struct BufferQueue::Description {
  /** `memory`: of each plane, where the caller has a say in it. */
  explicit Description(const BufferQueue &queue, uint32_t index = 0, const QueuedPlane *memory = nullptr) :
      planes(),
      buffer(),
      multiplanar(queue.device_.multiplanar()) {
    buffer.type = queue.type_;
    buffer.memory = queue.memory_;
    buffer.index = index;
    buffer.field = V4L2_FIELD_NONE;
    if (multiplanar) {
      buffer.m.planes = planes;
      buffer.length = queue.plane_count_;
    }
    for (uint32_t plane = 0; memory && plane < queue.plane_count_; ++plane)
      describe(plane, memory[plane]);
  }
  Description(const Description &) = delete;
  Description &operator=(const Description &) = delete;

  void describe(uint32_t plane, const QueuedPlane &memory) {
    const bool dmabuf = buffer.memory == V4L2_MEMORY_DMABUF;
    if (multiplanar) {
      planes[plane].bytesused = memory.bytes_used;
      if (dmabuf) {
        planes[plane].m.fd = memory.fd;
        planes[plane].length = memory.byte_count;
      }
    } else {
      buffer.bytesused = memory.bytes_used;
      if (dmabuf) {
        buffer.m.fd = memory.fd;
        buffer.length = memory.byte_count;
      }
    }
  }

  v4l2_plane planes[kMemoryPlanesMax];
  v4l2_buffer buffer;
  bool multiplanar;
};

BufferQueue::BufferQueue(const M2mDevice &device, Side side, uint32_t memory, uint32_t count, uint32_t plane_count) :
    device_(device),
    type_(device.type(side)),
    memory_(memory),
    plane_count_(plane_count) {
  v4l2_requestbuffers request = {};
  request.type = type_;
  request.memory = memory_;
  request.count = count;
  device_.demand(VIDIOC_REQBUFS, &request, "get buffers");
  if (request.count == 0 || request.count > VIDEO_MAX_FRAME)
    throw Error(-ENOBUFS, device_.path() + ": asked for " + std::to_string(count) + " buffers, got " +
                              std::to_string(request.count));
  mappings_.resize(request.count);
  if (memory_ == V4L2_MEMORY_MMAP)
    for (uint32_t index = 0; index < size(); ++index)
      map_buffer(index);
}

BufferQueue::~BufferQueue() {
  stream_off();
  mappings_.clear(); // before the buffers: a mapped buffer outlives its queue
  v4l2_requestbuffers none = {};
  none.type = type_;
  none.memory = memory_;
  device_.ask(VIDIOC_REQBUFS, &none);
}

void BufferQueue::map_buffer(uint32_t index) {
  Description description(*this, index);
  device_.demand(VIDIOC_QUERYBUF, &description.buffer, "look at a buffer");
  for (uint32_t plane = 0; plane < plane_count_; ++plane) {
    const v4l2_plane &its = description.planes[plane];
    const size_t length = description.multiplanar ? its.length : description.buffer.length;
    const uint32_t offset = description.multiplanar ? its.m.mem_offset : description.buffer.m.offset;
    void *address = mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_SHARED, device_.fd(), offset);
    if (address == MAP_FAILED)
      throw device_.failure(-errno, "map a buffer of " + std::to_string(length) + " bytes");
    mappings_[index][plane] = Mapping(address, length);
  }
}

void BufferQueue::stream_on() {
  int type = static_cast<int>(type_);
  device_.demand(VIDIOC_STREAMON, &type, "start streaming");
}

void BufferQueue::stream_off() noexcept {
  int type = static_cast<int>(type_);
  device_.ask(VIDIOC_STREAMOFF, &type); // harmless where it does not stream, and a device that is gone has no buffers
}

int BufferQueue::queue(uint32_t index, int64_t time_us, const QueuedPlane *planes) const noexcept {
  Description description(*this, index, planes);
  description.buffer.timestamp.tv_sec = static_cast<time_t>(time_us / 1000000);
  description.buffer.timestamp.tv_usec = static_cast<suseconds_t>(time_us % 1000000);
  return device_.ask(VIDIOC_QBUF, &description.buffer);
}

int BufferQueue::prepare(uint32_t index, const QueuedPlane *planes) const noexcept {
  Description description(*this, index, planes);
  return device_.ask(VIDIOC_PREPARE_BUF, &description.buffer);
}

int BufferQueue::dequeue(DequeuedBuffer *out) const noexcept {
  Description description(*this);
  if (const int result = device_.ask(VIDIOC_DQBUF, &description.buffer))
    return result;
  const v4l2_buffer &buffer = description.buffer;
  if (buffer.index >= size())
    return -EPROTO;
  out->index = buffer.index;
  out->flags = buffer.flags;
  out->time_us = int64_t{buffer.timestamp.tv_sec} * 1000000 + buffer.timestamp.tv_usec;
  const v4l2_plane &plane = description.planes[0];
  out->offset = description.multiplanar ? plane.data_offset : 0;
  // A plane's count includes what is before its data (kernel: buffer.rst, struct v4l2_plane).
  const uint32_t bytes_used = description.multiplanar ? plane.bytesused : buffer.bytesused;
  out->bytes_used = bytes_used - std::min(out->offset, bytes_used);
  return 0;
}

} // namespace csi
