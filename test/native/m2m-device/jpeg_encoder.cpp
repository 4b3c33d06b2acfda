#include "encoder.h"

#include <stdexcept>
#include <utility>

#include <turbojpeg.h>

namespace m2m {
namespace {

class JpegEncoder : public Encoder {
public:
  explicit JpegEncoder(const EncoderSettings &settings) :
      width_(static_cast<int>(settings.width)),
      height_(static_cast<int>(settings.height)),
      quality_(settings.quality),
      encoder_(tjInitCompress()) {
    if (!encoder_)
      throw std::runtime_error("libjpeg-turbo gives no compressor");
  }

  Coded encode(const Picture &from, bool) override {
    const uint8_t *planes[3] = {from.luma, from.chroma(0), from.chroma(1)};
    int strides[3] = {static_cast<int>(from.stride), static_cast<int>(from.chroma_stride()),
                      static_cast<int>(from.chroma_stride())};
    if (from.format->has_interleaved_chroma) {
      separate(from);
      planes[1] = chroma_[0].data();
      planes[2] = chroma_[1].data();
      strides[1] = strides[2] = (width_ + 1) / 2;
    }
    if (from.format->has_v_first)
      std::swap(planes[1], planes[2]);
    unsigned char *bytes = nullptr;
    unsigned long byte_count = 0;
    const int result = tjCompressFromYUVPlanes(encoder_.get(), planes, width_, strides, height_, TJSAMP_420, &bytes,
                                               &byte_count, quality_, 0);
    const std::unique_ptr<unsigned char, decltype(&tjFree)> owner(bytes, tjFree);
    if (result != 0)
      throw std::runtime_error("libjpeg-turbo made nothing of a picture");
    return {{bytes, bytes + byte_count}, true};
  }

private:
  struct Destroy {
    void operator()(void *encoder) const { tjDestroy(encoder); }
  };

  void separate(const Picture &from) {
    const size_t width = static_cast<size_t>(width_ + 1) / 2, height = static_cast<size_t>(height_ + 1) / 2;
    for (std::vector<uint8_t> &plane : chroma_)
      plane.resize(width * height);
    for (size_t row = 0; row < height; ++row)
      for (size_t column = 0; column < 2 * width; ++column)
        chroma_[column % 2][row * width + column / 2] = from.chroma(0)[row * from.stride + column];
  }

  int width_;
  int height_;
  int quality_;
  std::unique_ptr<void, Destroy> encoder_;
  std::vector<uint8_t> chroma_[2];
};

} // namespace

std::unique_ptr<Encoder> open_jpeg_encoder(const EncoderSettings &settings) {
  return std::make_unique<JpegEncoder>(settings);
}

} // namespace m2m
