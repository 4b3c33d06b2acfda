// H.264 byte streams (ITU-T H.264, annex B) as NAL units after their lengths (ISO/IEC 14496-15).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace csi {

struct AccessUnit {
  std::vector<uint8_t> bytes; // each NAL unit after its length in 4 bytes big endian
  bool has_picture = false;   // a slice is in it, not headers alone
  bool is_key = false;        // an IDR slice is in it
};

/** Start codes of 3 or 4 bytes, trailing zeros dropped, empty units left out. Bytes before the first start code are no
 *  NAL unit and are left out too. */
AccessUnit read_annex_b(const uint8_t *bytes, size_t byte_count);

} // namespace csi
