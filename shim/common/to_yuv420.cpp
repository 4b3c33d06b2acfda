#include "to_yuv420.h"

#include <libyuv.h>

namespace csi {
namespace {

using PackedToPlanar = int (*)(const uint8_t *, int, uint8_t *, int, uint8_t *, int, uint8_t *, int, int, int);

/** libyuv names RGB formats by their order in a little-endian word: RGB24 is B, G, R in memory, RAW is R, G, B. */
PackedToPlanar converter(uint32_t pixel_format, RgbBecomes rgb) {
  const bool limited = rgb == RgbBecomes::limited_range;
  switch (pixel_format) {
  case CSI_PIXEL_RGB888:
    return limited ? libyuv::RGB24ToI420 : libyuv::RGB24ToJ420;
  case CSI_PIXEL_BGR888:
    return limited ? libyuv::RAWToI420 : libyuv::RAWToJ420;
  default:
    return libyuv::YUY2ToI420;
  }
}

} // namespace

Picture to_yuv420(const Picture &in, uint32_t pixel_format, RgbBecomes rgb, PictureBuffer &out) {
  if (pixel_format == CSI_PIXEL_YUV420)
    return in;
  if (pixel_format == CSI_PIXEL_NV12)
    libyuv::NV12ToI420(in.plane[0], in.stride[0], in.plane[1], in.stride[1], out.plane(0), out.stride(0), out.plane(1),
                       out.stride(1), out.plane(2), out.stride(2), in.width, in.height);
  else
    converter(pixel_format, rgb)(in.plane[0], in.stride[0], out.plane(0), out.stride(0), out.plane(1), out.stride(1),
                                 out.plane(2), out.stride(2), in.width, in.height);
  return out.picture();
}

} // namespace csi
