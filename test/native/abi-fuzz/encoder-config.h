// Configs for encoders: sound ones, and some of whose numbers are anything.
#pragma once

#include "csi_encoder.h"
#include "random.h"

#include <cstdint>

/** A sound config of small pictures for this codec. */
CsiEncoderConfig sound_config(uint32_t codec, Random &random);

/** Puts any numbers into some fields. No picture gets so large that encoding it takes long. */
void spoil(CsiEncoderConfig &config, Random &random);

/** Bytes from a plane's first to its last one that an encoder may read, for the longest plane. */
uint64_t plane_bytes_max(const CsiLayout &layout);
