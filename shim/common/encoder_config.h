// The checks on an encoder's config that do not depend on the encoder.
#pragma once

#include "csi_encoder.h"

namespace csi {

/** Throws Error (-EINVAL) with a sentence if the layout cannot be a picture or the queue has no sensible bound. */
void check_config(const CsiEncoderConfig &config);

} // namespace csi
