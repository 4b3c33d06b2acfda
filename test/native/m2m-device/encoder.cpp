#include "encoder.h"

namespace m2m {
namespace {

constexpr size_t kCannedFrames = 60;

class CannedEncoder : public Encoder {
public:
  explicit CannedEncoder(std::unique_ptr<Encoder> encoder) : encoder_(std::move(encoder)) {}

  Coded encode(const Picture &picture, bool force_key) override {
    if (frames_.size() < kCannedFrames) {
      frames_.push_back(encoder_->encode(picture, force_key));
      return frames_.back();
    }
    const size_t index = force_key ? 0 : next_;
    next_ = (index + 1) % frames_.size();
    return frames_[index];
  }
  std::vector<uint8_t> headers() override { return encoder_->headers(); }

private:
  std::unique_ptr<Encoder> encoder_;
  std::vector<Coded> frames_;
  size_t next_ = 0;
};

} // namespace

std::unique_ptr<Encoder> open_encoder(const EncoderSettings &settings) {
  return settings.codec == Codec::h264 ? open_h264_encoder(settings) : open_jpeg_encoder(settings);
}

std::unique_ptr<Encoder> open_canned_encoder(std::unique_ptr<Encoder> encoder) {
  return std::make_unique<CannedEncoder>(std::move(encoder));
}

} // namespace m2m
