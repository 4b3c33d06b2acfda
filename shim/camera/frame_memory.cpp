#include "frame_memory.h"

#include "error.h"
#include "pixel_shape.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>

namespace csi {
namespace {

using Plane = libcamera::FrameBuffer::Plane;

uint32_t offset_of(const Plane &plane) {
  return plane.offset == Plane::kInvalidOffset ? 0 : plane.offset;
}

size_t bytes_needed(const CsiLayout &layout, uint32_t plane) {
  const PlaneShape &shape = kPixelShapes[layout.pixel_format].planes[plane];
  return static_cast<size_t>(layout.stride[plane]) * (shape.rows(layout.height) - 1) + shape.row_bytes(layout.width);
}

/** The buffer's planes, one for each of the layout's: a single one that holds them all is cut up, each plane following
 *  the one before it as V4L2's contiguous formats do. */
std::vector<Plane> planes_of(const libcamera::FrameBuffer &buffer, const CsiLayout &layout) {
  std::vector<Plane> planes(buffer.planes().begin(), buffer.planes().end());
  if (planes.size() == 1 && layout.plane_count > 1) {
    const Plane whole = planes.front();
    const PixelShape &shape = kPixelShapes[layout.pixel_format];
    uint32_t start = 0;
    for (uint32_t i = 0; i < layout.plane_count; ++i) {
      planes.resize(i + 1, whole);
      planes[i].offset = offset_of(whole) + start;
      planes[i].length = whole.length - std::min(start, whole.length);
      start += layout.stride[i] * shape.planes[i].rows(layout.height);
    }
  }
  return planes;
}

} // namespace

Mapping::Mapping(int fd, size_t byte_count) :
    fd_(fd),
    start_(mmap(nullptr, byte_count, PROT_READ, MAP_SHARED, fd, 0)),
    byte_count_(byte_count) {
  if (start_ == MAP_FAILED) {
    const int code = errno;
    throw Error(-code, std::string("a camera buffer cannot be mapped: ") + std::strerror(code));
  }
}

Mapping::Mapping(Mapping &&other) noexcept :
    fd_(other.fd_),
    start_(std::exchange(other.start_, MAP_FAILED)),
    byte_count_(other.byte_count_) {}

Mapping::~Mapping() {
  if (start_ != MAP_FAILED)
    munmap(start_, byte_count_);
}

FrameMemory::FrameMemory(const libcamera::FrameBuffer &buffer, const CsiLayout &layout) {
  const std::vector<Plane> planes = planes_of(buffer, layout);
  if (planes.size() != layout.plane_count)
    throw Error(-ENOTSUP, "the camera's buffers have " + std::to_string(planes.size()) + " planes, expected " +
                              std::to_string(layout.plane_count));
  for (uint32_t i = 0; i < layout.plane_count; ++i) {
    const Plane &plane = planes[i];
    if (plane.length < bytes_needed(layout, i))
      throw Error(-ENOTSUP, "plane " + std::to_string(i) + " of the camera's buffers has " +
                                std::to_string(plane.length) + " bytes, expected at least " +
                                std::to_string(bytes_needed(layout, i)));
    size_t end = 0; // of all planes in this dmabuf: it is mapped once
    for (const Plane &each : planes)
      if (each.fd.get() == plane.fd.get())
        end = std::max<size_t>(end, static_cast<size_t>(offset_of(each)) + each.length);
    planes_.plane[i] = map(plane.fd.get(), end) + offset_of(plane);
    planes_.plane_bytes[i] = plane.length;
    planes_.dmabuf_fd[i] = plane.fd.get();
    planes_.dmabuf_offset[i] = offset_of(plane);
    dmabufs_.push_back(plane.fd);
  }
  for (uint32_t i = layout.plane_count; i < CSI_PLANES_MAX; ++i)
    planes_.dmabuf_fd[i] = -1;
}

uint64_t FrameMemory::map(int fd, size_t byte_count) {
  for (const Mapping &mapping : mappings_)
    if (mapping.fd() == fd)
      return mapping.address();
  return mappings_.emplace_back(fd, byte_count).address();
}

} // namespace csi
