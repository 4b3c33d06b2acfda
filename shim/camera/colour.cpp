#include "colour.h"

#include "pixel_shape.h"

namespace csi {
namespace {

using libcamera::ColorSpace;

// ITU-T H.273, tables 2, 3 and 4.
constexpr uint8_t kUnspecified = 2;
constexpr uint8_t kIdentityMatrix = 0;

uint8_t code_of(ColorSpace::Primaries primaries) {
  switch (primaries) {
  case ColorSpace::Primaries::Smpte170m:
    return 6;
  case ColorSpace::Primaries::Rec709:
    return 1;
  case ColorSpace::Primaries::Rec2020:
    return 9;
  default:
    return kUnspecified;
  }
}

uint8_t code_of(ColorSpace::TransferFunction transfer) {
  switch (transfer) {
  case ColorSpace::TransferFunction::Linear:
    return 8;
  case ColorSpace::TransferFunction::Srgb:
    return 13;
  case ColorSpace::TransferFunction::Rec709:
    return 1;
  default:
    return kUnspecified;
  }
}

uint8_t code_of(ColorSpace::YcbcrEncoding encoding) {
  switch (encoding) {
  case ColorSpace::YcbcrEncoding::Rec601:
    return 6;
  case ColorSpace::YcbcrEncoding::Rec709:
    return 1;
  case ColorSpace::YcbcrEncoding::Rec2020:
    return 9;
  default:
    return kUnspecified;
  }
}

ColorSpace::Primaries primaries_of(uint8_t code, ColorSpace::Primaries otherwise) {
  switch (code) {
  case 1:
    return ColorSpace::Primaries::Rec709;
  case 5: // BT.470BG: libcamera knows one BT.601
  case 6:
  case 7:
    return ColorSpace::Primaries::Smpte170m;
  case 9:
    return ColorSpace::Primaries::Rec2020;
  default:
    return otherwise;
  }
}

ColorSpace::TransferFunction transfer_of(uint8_t code, ColorSpace::TransferFunction otherwise) {
  switch (code) {
  case 1: // BT.709, BT.601 and BT.2020 share one curve
  case 6:
  case 14:
  case 15:
    return ColorSpace::TransferFunction::Rec709;
  case 8:
    return ColorSpace::TransferFunction::Linear;
  case 13:
    return ColorSpace::TransferFunction::Srgb;
  default:
    return otherwise;
  }
}

ColorSpace::YcbcrEncoding encoding_of(uint8_t code, ColorSpace::YcbcrEncoding otherwise) {
  switch (code) {
  case kIdentityMatrix:
    return ColorSpace::YcbcrEncoding::None;
  case 1:
    return ColorSpace::YcbcrEncoding::Rec709;
  case 5:
  case 6:
    return ColorSpace::YcbcrEncoding::Rec601;
  case 9:
    return ColorSpace::YcbcrEncoding::Rec2020;
  default:
    return otherwise;
  }
}

} // namespace

ColorSpace colour_space_of(const CsiColour &colour, const ColorSpace &otherwise) {
  return {primaries_of(colour.primaries, otherwise.primaries), transfer_of(colour.transfer, otherwise.transferFunction),
          encoding_of(colour.matrix, otherwise.ycbcrEncoding),
          colour.full_range ? ColorSpace::Range::Full : ColorSpace::Range::Limited};
}

CsiColour colour_of(const std::optional<ColorSpace> &space, uint32_t pixel_format) {
  CsiColour colour = {kUnspecified, kUnspecified, kUnspecified, 0};
  if (space) {
    colour.primaries = code_of(space->primaries);
    colour.transfer = code_of(space->transferFunction);
    colour.matrix = code_of(space->ycbcrEncoding);
    colour.full_range = space->range == ColorSpace::Range::Full;
  }
  if (is_rgb(pixel_format)) {
    colour.matrix = kIdentityMatrix;
    colour.full_range = 1;
  }
  return colour;
}

} // namespace csi
