// Agrees with a driver on what goes in and what comes out (kernel: dev-encoder.rst, "Initialization").
#pragma once

#include "raw_layout.h"

namespace csi {

/** Sets formats, frame rate and visible size. Throws Error: -ENOTSUP where the device cannot do this picture, -EPROTO
 * where its answers make no sense. */
RawLayout negotiate(const M2mDevice &device, const CsiEncoderConfig &config);

} // namespace csi
