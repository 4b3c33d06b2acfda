// A picture's pixels as the converters and codecs take them: a view that owns nothing.
#pragma once

#include "csi_frame.h"

namespace csi {

struct Picture {
  const uint8_t *plane[CSI_PLANES_MAX]; // null where the format has no such plane
  int stride[CSI_PLANES_MAX];           // bytes
  int width;                            // pixels
  int height;
};

} // namespace csi
