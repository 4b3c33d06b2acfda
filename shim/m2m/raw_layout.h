// How a driver wants a raw picture to lie in memory, compared with how the camera's lie, and the copy where they
// differ.
#pragma once

#include "buffer_queue.h"
#include "picture.h"
#include "pixel_formats.h"

#include <array>

namespace csi {

class RawLayout {
public:
  /** From what VIDIOC_S_FMT gave back for `format`. Throws Error (-EPROTO) where that can't be. */
  RawLayout(const M2mDevice &device, const v4l2_format &got, const RawFormat &format);

  /** Coded size, pixels: at least the picture's. */
  uint32_t width() const noexcept { return width_; }
  uint32_t height() const noexcept { return height_; }
  uint32_t memory_plane_count() const noexcept { return memory_plane_count_; }

  /** The device can read pictures of this layout, that lie in these dmabufs at these offsets, where they are. */
  bool fits(const CsiLayout &camera, const int32_t *dmabuf_fd, const uint32_t *dmabuf_offset) const noexcept;

  /** The memory planes of a picture in dmabufs that fit. */
  std::array<QueuedPlane, kMemoryPlanesMax> describe(const int32_t *dmabuf_fd) const noexcept;

  /** The memory planes of a buffer of the device's own. */
  std::array<QueuedPlane, kMemoryPlanesMax> describe_own() const noexcept;

  /** Throws Error (-EPROTO) unless the device's own buffers are as big as it said. */
  void check_own(const M2mDevice &device, const BufferQueue &queue) const;

  /** Copies a picture into a buffer of the device's own; what is beyond the picture repeats its edge. */
  void copy(const Picture &from, uint32_t pixel_format, const BufferQueue &to, uint32_t index) const;

private:
  struct Plane {
    uint32_t memory_plane;
    uint32_t offset; // in its memory plane, bytes
    uint32_t stride; // bytes
  };

  void check(const M2mDevice &device) const;

  RawFormat format_;
  uint32_t plane_count_;
  uint32_t width_;
  uint32_t height_;
  uint32_t memory_plane_count_;
  std::array<uint32_t, kMemoryPlanesMax> memory_bytes_ = {};
  std::array<Plane, CSI_PLANES_MAX> planes_ = {};
};

} // namespace csi
