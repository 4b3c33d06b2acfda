// The image encoder library: each frame one JFIF image, by libjpeg-turbo, scaled down and recoloured by libyuv.
#include "encoder_library.h"
#include "error.h"
#include "jpeg_codec.h"
#include "jpeg_colour.h"

namespace csi {
namespace {

void check(bool holds, const std::string &sentence) {
  if (!holds)
    throw Error(-EINVAL, sentence);
}

} // namespace

const char *library_name() {
  return "libjpeg-turbo " CSI_TURBOJPEG_VERSION;
}

CsiColour library_check(const CsiEncoderConfig &config) {
  check(config.codec == CSI_CODEC_JPEG,
        "libjpeg-turbo encodes to JPEG only, got codec " + std::to_string(config.codec));
  check(config.quality >= 1 && config.quality <= 100,
        "JPEG quality is 1 to 100, got " + std::to_string(config.quality));
  check(config.output_width >= 1 && config.output_height >= 1 && config.output_width <= config.input.width &&
            config.output_height <= config.input.height,
        "an image of " + std::to_string(config.output_width) + "x" + std::to_string(config.output_height) +
            " is not within its source of " + std::to_string(config.input.width) + "x" +
            std::to_string(config.input.height));
  return jpeg_colour(config.input.colour);
}

void library_run(const CsiEncoderConfig &config, EncoderPort &port) {
  JpegCodec codec(config);
  run_codec(codec, config.input, port);
}

} // namespace csi
