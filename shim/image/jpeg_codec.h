// A frame as one JFIF image: its layout made planar, scaled down, its colour made JPEG's, compressed. Each step is
// left out where the frame is so already: a full-range BT.601 YUV420 frame goes to the compressor without a copy.
#pragma once

#include "codec.h"
#include "jpeg_colour.h"
#include "jpeg_compressor.h"
#include "picture_buffer.h"

#include <optional>

namespace csi {

class JpegCodec final : public Codec {
public:
  explicit JpegCodec(const CsiEncoderConfig &config);

  void encode(BorrowedFrame &frame, EncoderPort &port) override;

private:
  const uint32_t pixel_format_;
  std::optional<PictureBuffer> planar_;
  std::optional<PictureBuffer> scaled_;
  std::optional<JpegColourConverter> recoloured_;
  JpegCompressor compressor_;
};

} // namespace csi
