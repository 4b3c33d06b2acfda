#include "v4l2_colour.h"

#include <linux/videodev2.h>

namespace csi {
namespace {

// Code points of ITU-T H.273

uint32_t colorspace(const CsiColour &colour) {
  switch (colour.primaries) {
  case 1: // shared by HD video and, with another transfer and matrix, by JPEG and sRGB
    if (colour.transfer != 13)
      return V4L2_COLORSPACE_REC709;
    return colour.matrix == 0 ? V4L2_COLORSPACE_SRGB : V4L2_COLORSPACE_JPEG;
  case 5:
    return V4L2_COLORSPACE_470_SYSTEM_BG;
  case 6:
    return V4L2_COLORSPACE_SMPTE170M;
  case 9:
    return V4L2_COLORSPACE_BT2020;
  default:
    return V4L2_COLORSPACE_DEFAULT;
  }
}

uint8_t encoding(uint8_t matrix) {
  switch (matrix) {
  case 1:
    return V4L2_YCBCR_ENC_709;
  case 5:
  case 6:
    return V4L2_YCBCR_ENC_601;
  case 9:
    return V4L2_YCBCR_ENC_BT2020;
  default:
    return V4L2_YCBCR_ENC_DEFAULT;
  }
}

uint8_t transfer(uint8_t code_point) {
  switch (code_point) {
  case 1:
  case 6:
    return V4L2_XFER_FUNC_709;
  case 13:
    return V4L2_XFER_FUNC_SRGB;
  default:
    return V4L2_XFER_FUNC_DEFAULT;
  }
}

} // namespace

V4l2Colour v4l2_colour(const CsiColour &colour) {
  const uint8_t quantization = colour.full_range ? V4L2_QUANTIZATION_FULL_RANGE : V4L2_QUANTIZATION_LIM_RANGE;
  return {colorspace(colour), encoding(colour.matrix), quantization, transfer(colour.transfer)};
}

} // namespace csi
