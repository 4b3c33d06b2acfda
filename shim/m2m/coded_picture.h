// What a device made of one frame, ready for the port.
#pragma once

#include <cstdint>
#include <vector>

namespace csi {

struct CodedPicture {
  std::vector<uint8_t> bytes; // as csi_encoder_read() gives them
  bool has_picture;           // false: headers only
  bool is_key;                // decoding can start here
};

/** `codec`: enum CsiCodec. The bytes may be taken away where there is a picture in them. */
CodedPicture read_coded_picture(uint32_t codec, std::vector<uint8_t> &bytes);

} // namespace csi
