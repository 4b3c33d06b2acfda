#include "raw_layout.h"

#include "pixel_shape.h"

#include <algorithm>
#include <cstring>

namespace csi {
namespace {

constexpr uint64_t kSlackBytes = 1 << 20; // that a driver may add to a picture

/** Repeats the last group of bytes of a row up to its end, so that no hard edge is encoded. */
void extend_row(uint8_t *row, uint32_t used, uint32_t wanted, uint32_t group) {
  for (uint32_t at = used; at + group <= wanted; at += group)
    std::memcpy(row + at, row + used - group, group);
}

/** One row of interleaved chroma of two planar ones, or the other way round. */
void interleave(const uint8_t *u, const uint8_t *v, uint8_t *uv, uint32_t samples) {
  for (uint32_t i = 0; i < samples; ++i) {
    uv[2 * i] = u[i];
    uv[2 * i + 1] = v[i];
  }
}

void deinterleave(const uint8_t *uv, uint8_t *chroma, uint32_t samples) {
  for (uint32_t i = 0; i < samples; ++i)
    chroma[i] = uv[2 * i];
}

/** Row `row` of plane `plane` of a picture that lies as `from_format`, written as `to_format`. */
void copy_row(const Picture &from, uint32_t from_format, uint32_t to_format, uint32_t plane, uint32_t row, uint8_t *to,
              uint32_t row_bytes) {
  const auto source = [&](uint32_t index) { return from.plane[index] + size_t{row} * from.stride[index]; };
  if (plane == 0 || from_format == to_format)
    std::memcpy(to, source(plane), row_bytes);
  else if (to_format == CSI_PIXEL_NV12)
    interleave(source(1), source(2), to, row_bytes / 2);
  else
    deinterleave(source(1) + (plane - 1), to, row_bytes);
}

/** dma-buf.rst: SEEK_END tells a dmabuf's size, and nothing else can be sought. */
uint32_t dmabuf_bytes(int fd) {
  const int64_t end = lseek(fd, 0, SEEK_END);
  return end < 0 ? 0 : static_cast<uint32_t>(std::min<int64_t>(end, UINT32_MAX));
}

} // namespace

RawLayout::RawLayout(const M2mDevice &device, const v4l2_format &got, const RawFormat &format) :
    format_(format),
    plane_count_(kPixelShapes[format.pixel_format].plane_count) {
  const v4l2_pix_format_mplane &multi = got.fmt.pix_mp;
  const v4l2_pix_format &single = got.fmt.pix;
  const bool multiplanar = device.multiplanar();
  width_ = multiplanar ? multi.width : single.width;
  height_ = multiplanar ? multi.height : single.height;
  memory_plane_count_ = multiplanar ? multi.num_planes : 1;
  if (memory_plane_count_ != (format.separate_memory ? plane_count_ : 1))
    throw Error(-EPROTO, device.path() + ": " + fourcc_text(format.fourcc) + " in " +
                             std::to_string(memory_plane_count_) + " memory planes makes no sense");

  const PixelShape &shape = kPixelShapes[format.pixel_format];
  for (uint32_t i = 0; i < memory_plane_count_; ++i)
    memory_bytes_[i] = multiplanar ? multi.plane_fmt[i].sizeimage : single.sizeimage;
  const uint32_t luma_stride = multiplanar ? multi.plane_fmt[0].bytesperline : single.bytesperline;
  uint64_t offset = 0;
  for (uint32_t i = 0; i < plane_count_; ++i) {
    Plane &plane = planes_[i];
    plane.memory_plane = format.separate_memory ? i : 0;
    // In one memory the planes follow each other without a gap, and only the first one's stride is told; the rows of
    // halved chroma take half of it (kernel: pixfmt-yuv-planar.rst).
    const bool halved = i > 0 && shape.planes[i].group_bytes < shape.planes[i].group_pixels;
    plane.stride = format.separate_memory ? multi.plane_fmt[i].bytesperline : halved ? luma_stride / 2 : luma_stride;
    plane.offset = format.separate_memory ? 0 : static_cast<uint32_t>(std::min<uint64_t>(offset, UINT32_MAX));
    offset += uint64_t{plane.stride} * shape.planes[i].rows(height_);
  }
  check(device);
}

void RawLayout::check(const M2mDevice &device) const {
  const PixelShape &shape = kPixelShapes[format_.pixel_format];
  const std::string picture = device.path() + ": a " + fourcc_text(format_.fourcc) + " picture of " +
                              std::to_string(width_) + "x" + std::to_string(height_);
  if (width_ == 0 || height_ == 0 || width_ > kSideMax || height_ > kSideMax)
    throw Error(-EPROTO, picture + " makes no sense");
  std::array<uint64_t, kMemoryPlanesMax> needed = {};
  for (uint32_t i = 0; i < plane_count_; ++i) {
    const Plane &plane = planes_[i];
    const uint32_t row_bytes = shape.planes[i].row_bytes(width_);
    if (plane.stride < row_bytes || plane.stride > kStrideMax)
      throw Error(-EPROTO, picture + " has rows of " + std::to_string(row_bytes) + " bytes, the driver says " +
                               std::to_string(plane.stride));
    needed[plane.memory_plane] += uint64_t{plane.stride} * shape.planes[i].rows(height_);
  }
  for (uint32_t i = 0; i < memory_plane_count_; ++i)
    if (memory_bytes_[i] < needed[i] || memory_bytes_[i] > 4 * needed[i] + kSlackBytes)
      throw Error(-EPROTO, picture + " takes " + std::to_string(needed[i]) + " bytes, the driver says " +
                               std::to_string(memory_bytes_[i]));
}

bool RawLayout::fits(const CsiLayout &camera, const int32_t *dmabuf_fd, const uint32_t *dmabuf_offset) const noexcept {
  if (camera.pixel_format != format_.pixel_format)
    return false;
  for (uint32_t i = 0; i < plane_count_; ++i) {
    const bool same_memory = i > 0 && planes_[i].memory_plane == planes_[i - 1].memory_plane;
    if (dmabuf_fd[i] < 0 || (same_memory && dmabuf_fd[i] != dmabuf_fd[i - 1]) ||
        dmabuf_offset[i] != planes_[i].offset || camera.stride[i] != planes_[i].stride)
      return false;
  }
  return true;
}

std::array<QueuedPlane, kMemoryPlanesMax> RawLayout::describe(const int32_t *dmabuf_fd) const noexcept {
  std::array<QueuedPlane, kMemoryPlanesMax> described = describe_own();
  for (uint32_t i = 0; i < plane_count_; ++i) {
    QueuedPlane &memory = described[planes_[i].memory_plane];
    if (memory.fd >= 0)
      continue; // planes that share a memory share a dmabuf
    memory.fd = dmabuf_fd[i];
    memory.byte_count = dmabuf_bytes(memory.fd);
  }
  return described;
}

std::array<QueuedPlane, kMemoryPlanesMax> RawLayout::describe_own() const noexcept {
  std::array<QueuedPlane, kMemoryPlanesMax> described = {};
  for (uint32_t i = 0; i < memory_plane_count_; ++i)
    described[i] = {-1, memory_bytes_[i], memory_bytes_[i]};
  return described;
}

void RawLayout::check_own(const M2mDevice &device, const BufferQueue &queue) const {
  for (uint32_t index = 0; index < queue.size(); ++index)
    for (uint32_t i = 0; i < memory_plane_count_; ++i)
      if (queue.mapping(index, i).byte_count() < memory_bytes_[i])
        throw Error(-EPROTO, device.path() + ": promised buffers of " + std::to_string(memory_bytes_[i]) +
                                 " bytes, gave " + std::to_string(queue.mapping(index, i).byte_count()));
}

void RawLayout::copy(const Picture &from, uint32_t pixel_format, const BufferQueue &to, uint32_t index) const {
  const PixelShape &shape = kPixelShapes[format_.pixel_format];
  for (uint32_t i = 0; i < plane_count_; ++i) {
    const Plane &plane = planes_[i];
    const PlaneShape &its = shape.planes[i];
    const uint32_t row_bytes = its.row_bytes(static_cast<uint32_t>(from.width));
    const uint32_t rows = its.rows(static_cast<uint32_t>(from.height));
    uint8_t *first = to.mapping(index, plane.memory_plane).bytes() + plane.offset;
    const auto row_at = [&](uint32_t row) { return first + size_t{row} * plane.stride; };
    for (uint32_t row = 0; row < rows; ++row) {
      copy_row(from, pixel_format, format_.pixel_format, i, row, row_at(row), row_bytes);
      extend_row(row_at(row), row_bytes, its.row_bytes(width_), its.group_bytes);
    }
    for (uint32_t row = rows; row < its.rows(height_); ++row)
      std::memcpy(row_at(row), row_at(rows - 1), its.row_bytes(width_));
  }
}

} // namespace csi
