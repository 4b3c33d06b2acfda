// libjpeg-turbo behind one function.
#pragma once

#include "picture.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>

#include <turbojpeg.h>

namespace csi {

/** In the compressor's own memory: valid until it makes the next one. */
struct JpegImage {
  const uint8_t *bytes;
  size_t byte_count;
};

class JpegCompressor {
public:
  /** `quality`: 1..100. Throws Error. */
  JpegCompressor(int width, int height, int quality);

  /** A JFIF image, 4:2:0, straight from the strided planes. Throws Error with libjpeg-turbo's own words. */
  JpegImage compress(const Picture &yuv420);

private:
  struct Destroy {
    void operator()(void *handle) const noexcept { tjDestroy(handle); }
  };

  const int quality_;
  std::unique_ptr<std::remove_pointer_t<tjhandle>, Destroy> handle_;
  const size_t capacity_;             // of the largest image of this size
  std::unique_ptr<uint8_t[]> buffer_; // not cleared: pages that no image ever reaches take no memory
};

} // namespace csi
