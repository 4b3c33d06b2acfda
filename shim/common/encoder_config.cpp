#include "encoder_config.h"

#include "error.h"
#include "pixel_shape.h"

#include <cstring>

namespace csi {
namespace {

constexpr uint32_t kQueueFramesMax = 256;

void check(bool holds, const std::string &sentence) {
  if (!holds)
    throw Error(-EINVAL, sentence);
}

void check_layout(const CsiLayout &layout) {
  const std::string size = std::to_string(layout.width) + "x" + std::to_string(layout.height);
  const std::string format = "pixel format " + std::to_string(layout.pixel_format);
  check(layout.width >= 1 && layout.height >= 1 && layout.width <= kSideMax && layout.height <= kSideMax,
        "a picture of " + size + " is outside 1x1 to 16384x16384");
  check(layout.pixel_format < kPixelShapes.size(), "there is no " + format);
  const PixelShape &shape = kPixelShapes[layout.pixel_format];
  check(layout.plane_count == shape.plane_count,
        format + " has " + std::to_string(shape.plane_count) + " planes, got " + std::to_string(layout.plane_count));
  for (uint32_t i = 0; i < shape.plane_count; ++i) {
    const uint32_t row_bytes = shape.planes[i].row_bytes(layout.width);
    check(layout.stride[i] >= row_bytes && layout.stride[i] <= kStrideMax,
          "plane " + std::to_string(i) + " of a picture " + std::to_string(layout.width) + " wide has rows of " +
              std::to_string(row_bytes) + " bytes, got a stride of " + std::to_string(layout.stride[i]));
  }
}

} // namespace

void check_config(const CsiEncoderConfig &config) {
  check_layout(config.input);
  check(config.queue_frames_max >= 1 && config.queue_frames_max <= kQueueFramesMax,
        "queue_frames_max is " + std::to_string(config.queue_frames_max) + ", expected 1 to 256");
  check(std::memchr(config.device, '\0', sizeof config.device) != nullptr,
        "the device's path is longer than " + std::to_string(sizeof config.device - 1) + " bytes");
}

} // namespace csi
