// The m2m encoder library: H.264 and JPEG by a V4L2 memory-to-memory device. Needs nothing but the kernel's headers.
//
// It follows the kernel's "Memory-to-Memory Stateful Video Encoder Interface" (dev-encoder.rst).
#include "encoder_library.h"
#include "m2m_session.h"

namespace csi {
namespace {

void check(bool holds, const std::string &sentence, int code = -ENOTSUP) {
  if (!holds)
    throw Error(code, sentence);
}

/** Two sessions in a row that gave nothing are enough. */
constexpr int kFruitlessMax = 2;

} // namespace

const char *library_name() {
  return "V4L2 M2M";
}

CsiColour library_check(const CsiEncoderConfig &config) {
  const CsiLayout &input = config.input;
  const std::string size = std::to_string(input.width) + "x" + std::to_string(input.height);
  check(config.codec <= CSI_CODEC_FWHT, "there is no codec " + std::to_string(config.codec), -EINVAL);
  check(config.rate_numerator > 0 && config.rate_denominator > 0, "the frame rate has to be above zero", -EINVAL);
  check(config.output_width == input.width && config.output_height == input.height,
        "hardware encoders do not scale: the output has to be " + size);
  check(config.key_interval_frames >= 1, "key_interval_frames has to be at least 1", -EINVAL);
  return input.colour;
}

void library_run(const CsiEncoderConfig &config, EncoderPort &port) {
  std::optional<CsiEncoderFrame> in_hand;
  std::string broken_by;
  FramesBy frames_by = FramesBy::dmabuf;
  int fruitless = 0;
  for (;;) {
    M2mSession session(config, port, frames_by);
    if (broken_by.empty())
      port.opened(session.name(), session.zero_copy());
    else
      port.restarted(session.name(), session.zero_copy(), broken_by);
    try {
      session.run(in_hand);
      return;
    } catch (const Breakdown &breakdown) {
      session.abandon(CSI_SKIP_STALLED);
      fruitless = session.packets() > 0 ? 0 : fruitless + 1;
      if (fruitless >= kFruitlessMax)
        throw;
      broken_by = breakdown.what();
      if (breakdown.next() == FramesBy::copy) {
        frames_by = FramesBy::copy;
        fruitless = 0;
        broken_by += "; from here on frames are copied";
      }
    }
  }
}

} // namespace csi
