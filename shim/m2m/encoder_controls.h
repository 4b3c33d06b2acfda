// The controls of an encoder (kernel: ext-ctrls-codec.rst, ext-ctrls-jpeg.rst). Drivers have few of them: only those
// that exist are set.
#pragma once

#include "csi_encoder.h"
#include "m2m_device.h"

#include <string>

namespace csi {

/** Sets rate control, profile, level, key frame interval and headers. Throws Error (-ENOTSUP) where the driver has a
 *  control and cannot do what is asked: a bitrate out of its range, a level below the one needed. */
void configure_encoder(const M2mDevice &device, const CsiEncoderConfig &config);

/** The next picture that goes in becomes a key frame, where the driver can do that. */
void force_key_frame(const M2mDevice &device);

/** How many buffers a queue needs at least; 1 where the driver does not say. */
uint32_t buffers_min(const M2mDevice &device, Side side);

/** The device's controls for people, one line each: name, range and default. */
std::string describe_controls(const M2mDevice &device);

} // namespace csi
