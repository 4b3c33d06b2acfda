// The x264 encoder library.
//
// libx264 is under the GNU GPL, version 2 or later. Nothing of it is in this project, and only this library links to
// it: the rest of the shim and the program reach it, if it was built, through dlopen() and the C ABI that all encoders
// share, and work without it. Who distributes the built libcsi_x264.so has to follow the GPL for it.
#include "encoder_library.h"
#include "error.h"
#include "pixel_shape.h"
#include "x264_codec.h"

#include <x264.h>

#define CSI_TEXT_OF(number) #number
#define CSI_TEXT(macro) CSI_TEXT_OF(macro)

namespace csi {
namespace {

// ITU-T H.273
constexpr uint8_t kMatrixIdentity = 0;
constexpr uint8_t kMatrixBt601 = 6;

constexpr uint32_t kThreadsMax = 128; // x264's own limit

void check(bool holds, const std::string &sentence, int code = -EINVAL) {
  if (!holds)
    throw Error(code, sentence);
}

bool is_level(uint32_t level_idc) {
  for (const x264_level_t *level = x264_levels; level->level_idc != 0; ++level)
    if (level->level_idc == level_idc)
      return true;
  return false;
}

} // namespace

const char *library_name() {
  return "libx264 core " CSI_TEXT(X264_BUILD);
}

CsiColour library_check(const CsiEncoderConfig &config) {
  const CsiLayout &input = config.input;
  const std::string size = std::to_string(input.width) + "x" + std::to_string(input.height);
  check(config.codec == CSI_CODEC_H264, "libx264 encodes to H.264 only, got codec " + std::to_string(config.codec),
        -ENOTSUP);
  check(input.width % 2 == 0 && input.height % 2 == 0, "H.264 in 4:2:0 needs an even width and height, got " + size,
        -ENOTSUP);
  check(config.output_width == input.width && config.output_height == input.height,
        "the H.264 encoder does not scale: the output has to be " + size, -ENOTSUP);
  check(config.rate_numerator > 0 && config.rate_denominator > 0, "the frame rate has to be above zero");
  check(config.bitrate >= 1000, "a bitrate of " + std::to_string(config.bitrate) + " bit/s is below 1000");
  check(config.key_interval_frames >= 1, "key_interval_frames has to be at least 1");
  check(config.threads <= kThreadsMax, "at most 128 threads, got " + std::to_string(config.threads));
  check(is_level(config.level_idc), "there is no H.264 level_idc " + std::to_string(config.level_idc));

  CsiColour colour = input.colour;
  if (is_rgb(input.pixel_format)) {
    colour.matrix = kMatrixBt601;
    colour.full_range = 0;
  }
  check(colour.matrix != kMatrixIdentity, "YUV pixels cannot have the identity matrix (H.273 code point 0)");
  return colour;
}

void library_run(const CsiEncoderConfig &config, EncoderPort &port) {
  X264Codec codec(config, library_check(config));
  run_codec(codec, config.input, port);
}

} // namespace csi
