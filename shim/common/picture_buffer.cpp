#include "picture_buffer.h"

#include <new>

namespace csi {
namespace {

constexpr int kAlignment = 64; // a cache line, and the widest vector that libyuv writes

int aligned(int bytes) {
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

} // namespace

PictureBuffer::PictureBuffer(int width, int height) :
    width_(width),
    height_(height),
    luma_stride_(aligned(width)),
    chroma_stride_(aligned((width + 1) / 2)) {
  const auto luma_bytes = static_cast<size_t>(luma_stride_) * height;
  const auto chroma_bytes = static_cast<size_t>(chroma_stride_) * ((height + 1) / 2);
  offset_[0] = 0;
  offset_[1] = luma_bytes;
  offset_[2] = luma_bytes + chroma_bytes;
  memory_.reset(static_cast<uint8_t *>(std::aligned_alloc(kAlignment, luma_bytes + 2 * chroma_bytes)));
  if (!memory_)
    throw std::bad_alloc();
}

Picture PictureBuffer::picture() const noexcept {
  return {{plane(0), plane(1), plane(2)}, {stride(0), stride(1), stride(2)}, width_, height_};
}

} // namespace csi
