// libcamera's colour spaces and ITU-T H.273's code points, both ways.
#pragma once

#include "csi_frame.h"

#include <optional>

#include <libcamera/libcamera.h>

namespace csi {

/** What to ask of the camera. Fields that `colour` leaves unspecified keep those of `otherwise`. */
libcamera::ColorSpace colour_space_of(const CsiColour &colour, const libcamera::ColorSpace &otherwise);

/** What the pixels of a stream mean. RGB has the identity matrix and full range; without a colour space all is
 *  unspecified and YUV taken as limited range, as V4L2 does. */
CsiColour colour_of(const std::optional<libcamera::ColorSpace> &space, uint32_t pixel_format);

} // namespace csi
