// V4L2's four-character codes and what they are to us.
#pragma once

#include "csi_encoder.h"
#include "csi_frame.h"

#include <cstdint>
#include <string>
#include <vector>

namespace csi {

/** A raw format of V4L2: the pixels of one of ours, in one memory plane for all or in one for each. */
struct RawFormat {
  uint32_t fourcc;
  uint32_t pixel_format; // enum CsiPixelFormat
  bool separate_memory;  // each plane in a memory of its own: the formats whose names end in M
};

/** All that we know, the plainer ones first. */
const std::vector<RawFormat> &raw_formats();

/** The coded formats that hold this enum CsiCodec, best first; empty for an unknown one. */
std::vector<uint32_t> coded_formats(uint32_t codec);

/** "YU12". */
std::string fourcc_text(uint32_t fourcc);

} // namespace csi
