#include "coded_picture.h"

#include "annex_b.h"
#include "csi_encoder.h"

#include <linux/v4l2-controls.h>

#include <utility>

namespace csi {
namespace {

/** Each FWHT frame begins with a header of 32-bit words, big endian; its flags are the sixth (kernel: codec-fwht.h). */
bool is_fwht_key(const std::vector<uint8_t> &bytes) {
  constexpr size_t kFlagsAt = 20;
  if (bytes.size() < kFlagsAt + 4)
    return false;
  uint32_t flags = 0;
  for (size_t i = 0; i < 4; ++i)
    flags = flags << 8 | bytes[kFlagsAt + i];
  return flags & V4L2_FWHT_FL_I_FRAME;
}

} // namespace

CodedPicture read_coded_picture(uint32_t codec, std::vector<uint8_t> &bytes) {
  switch (codec) {
  case CSI_CODEC_H264: {
    AccessUnit unit = read_annex_b(bytes.data(), bytes.size());
    return {std::move(unit.bytes), unit.has_picture, unit.is_key};
  }
  case CSI_CODEC_FWHT: {
    const bool key = is_fwht_key(bytes);
    return {std::move(bytes), true, key};
  }
  default:
    return {std::move(bytes), true, true};
  }
}

} // namespace csi
