// A CsiColour in V4L2's words.
#pragma once

#include "csi_frame.h"

#include <cstdint>

namespace csi {

struct V4l2Colour {
  uint32_t colorspace;  // enum v4l2_colorspace
  uint8_t ycbcr_enc;    // enum v4l2_ycbcr_encoding
  uint8_t quantization; // enum v4l2_quantization
  uint8_t xfer_func;    // enum v4l2_xfer_func
};

/** What V4L2 has no word for becomes its default. Kernel: colorspaces-details.rst. */
V4l2Colour v4l2_colour(const CsiColour &colour);

} // namespace csi
