#include "jpeg_compressor.h"

#include "error.h"

namespace csi {

JpegCompressor::JpegCompressor(int width, int height, int quality) :
    quality_(quality),
    handle_(tjInitCompress()),
    capacity_(tjBufSize(width, height, TJSAMP_420)),
    buffer_(new uint8_t[capacity_]) {
  if (!handle_)
    throw Error(-ENOMEM, std::string("libjpeg-turbo: ") + tjGetErrorStr2(nullptr));
}

JpegImage JpegCompressor::compress(const Picture &yuv420) {
  const unsigned char *planes[] = {yuv420.plane[0], yuv420.plane[1], yuv420.plane[2]};
  unsigned char *image = buffer_.get();
  unsigned long byte_count = capacity_;
  if (tjCompressFromYUVPlanes(handle_.get(), planes, yuv420.width, yuv420.stride, yuv420.height, TJSAMP_420, &image,
                              &byte_count, quality_, TJFLAG_NOREALLOC) != 0)
    throw Error(-EIO, std::string("libjpeg-turbo: ") + tjGetErrorStr2(handle_.get()));
  return {image, byte_count};
}

} // namespace csi
