#include "annex_b.h"

#include <cstring>

namespace csi {
namespace {

// ITU-T H.264, table 7-1
constexpr uint8_t kSlice = 1;
constexpr uint8_t kSlicePartitionA = 2;
constexpr uint8_t kSliceIdr = 5;

constexpr size_t kStartCodeBytes = 3;
constexpr size_t kLengthBytes = 4;

/** The first 00 00 01 at or after `at`; the end where there is none. */
const uint8_t *find_start_code(const uint8_t *at, const uint8_t *end) {
  while (end - at >= static_cast<ptrdiff_t>(kStartCodeBytes)) {
    // memchr looks at 16 bytes and more at a time, and a 1 is rare enough in coded data.
    const auto *one = static_cast<const uint8_t *>(std::memchr(at + 2, 1, end - at - 2));
    if (!one)
      return end;
    if (one[-1] == 0 && one[-2] == 0)
      return one - 2;
    at = one - 1;
  }
  return end;
}

void append_unit(AccessUnit &unit, const uint8_t *first, const uint8_t *last) {
  while (last > first && last[-1] == 0)
    --last; // trailing_zero_8bits, or the first byte of a start code of four
  const auto length = static_cast<size_t>(last - first);
  if (length == 0)
    return;
  const uint8_t type = *first & 0x1f;
  unit.is_key |= type == kSliceIdr;
  unit.has_picture |= type == kSlice || type == kSlicePartitionA || type == kSliceIdr;
  for (int shift = 24; shift >= 0; shift -= 8)
    unit.bytes.push_back(static_cast<uint8_t>(length >> shift));
  unit.bytes.insert(unit.bytes.end(), first, last);
}

} // namespace

AccessUnit read_annex_b(const uint8_t *bytes, size_t byte_count) {
  AccessUnit unit;
  unit.bytes.reserve(byte_count + 8 * kLengthBytes);
  const uint8_t *const end = bytes + byte_count;
  for (const uint8_t *code = find_start_code(bytes, end); code != end;) {
    const uint8_t *const first = code + kStartCodeBytes;
    code = find_start_code(first, end);
    append_unit(unit, first, code);
  }
  return unit;
}

} // namespace csi
