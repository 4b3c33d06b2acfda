#include "jpeg_codec.h"

#include "pixel_shape.h"
#include "to_yuv420.h"

#include <libyuv.h>

namespace csi {
namespace {

Picture scale(const Picture &in, const PictureBuffer &out) {
  const Picture size = out.picture();
  libyuv::I420Scale(in.plane[0], in.stride[0], in.plane[1], in.stride[1], in.plane[2], in.stride[2], in.width,
                    in.height, out.plane(0), out.stride(0), out.plane(1), out.stride(1), out.plane(2), out.stride(2),
                    size.width, size.height, libyuv::kFilterBox);
  return size;
}

} // namespace

JpegCodec::JpegCodec(const CsiEncoderConfig &config) :
    pixel_format_(config.input.pixel_format),
    compressor_(static_cast<int>(config.output_width), static_cast<int>(config.output_height),
                static_cast<int>(config.quality)) {
  const CsiLayout &input = config.input;
  const int width = static_cast<int>(config.output_width);
  const int height = static_cast<int>(config.output_height);
  if (pixel_format_ != CSI_PIXEL_YUV420)
    planar_.emplace(static_cast<int>(input.width), static_cast<int>(input.height));
  if (config.output_width != input.width || config.output_height != input.height)
    scaled_.emplace(width, height);
  if (!is_rgb(pixel_format_) && !is_jpeg_colour(input))
    recoloured_.emplace(input, width, height);
}

void JpegCodec::encode(BorrowedFrame &frame, EncoderPort &port) {
  Picture picture = frame.picture();
  if (planar_) {
    picture = to_yuv420(picture, pixel_format_, RgbBecomes::full_range, *planar_);
    frame.release();
  }
  if (scaled_)
    picture = scale(picture, *scaled_);
  if (recoloured_) {
    picture = recoloured_->convert(picture);
    // A small picture is done soon: its frame goes back together with it, and nobody is woken twice.
    if (!scaled_)
      frame.release();
  }
  const JpegImage image = compressor_.compress(picture);
  std::vector<uint8_t> packet = port.copy(image.bytes, image.byte_count);
  const EncoderPort::Quiet quiet(port); // a picture and its frame back come together
  frame.release();
  port.packet(frame.timestamp_ns(), true, std::move(packet));
}

} // namespace csi
