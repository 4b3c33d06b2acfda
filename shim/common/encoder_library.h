// What an encoder library adds to common/ to become one: these three functions. encoder_abi.cpp makes the C ABI of
// them.
#pragma once

#include "encoder_port.h"

namespace csi {

/** Name and version, e.g. "libx264 core 164"; static. */
const char *library_name();

/** Checks a config whose layout is already known to be sound, in microseconds. Returns the colour of what will come
 *  out. Throws Error: -EINVAL for a field out of range, -ENOTSUP for what this encoder cannot do. */
CsiColour library_check(const CsiEncoderConfig &config);

/** The body of the encoder's thread: opens the codec and serves the port until it asks to drain or to stop. Anything
 *  thrown ends the encoder with CSI_EVENT_FAILED. Nothing reads a frame's pixels any more when it returns or throws. */
void library_run(const CsiEncoderConfig &config, EncoderPort &port);

} // namespace csi
