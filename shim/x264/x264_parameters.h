// From our config to x264's parameters.
#pragma once

#include "csi_encoder.h"

#include <x264.h>

namespace csi {

/** ultrafast and zerolatency, no B-frames: NAL units after their lengths, parameter sets with every key frame, key
 *  frames exactly key_interval_frames apart unless one is forced, ABR within a buffer of one second. */
x264_param_t x264_parameters(const CsiEncoderConfig &config, const CsiColour &colour);

} // namespace csi
