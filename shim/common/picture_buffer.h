// Memory for one YUV420 picture, kept from frame to frame.
#pragma once

#include "picture.h"

#include <cstdlib>
#include <memory>

namespace csi {

/** Three planes, chroma halved both ways (rounded up), every row on a 64-byte boundary. */
class PictureBuffer {
public:
  PictureBuffer(int width, int height);

  uint8_t *plane(int index) const noexcept { return memory_.get() + offset_[index]; }
  int stride(int index) const noexcept { return index == 0 ? luma_stride_ : chroma_stride_; }
  Picture picture() const noexcept;

private:
  struct Free {
    void operator()(uint8_t *memory) const noexcept { std::free(memory); }
  };

  int width_;
  int height_;
  int luma_stride_;
  int chroma_stride_;
  size_t offset_[CSI_PLANES_MAX];
  std::unique_ptr<uint8_t, Free> memory_;
};

} // namespace csi
