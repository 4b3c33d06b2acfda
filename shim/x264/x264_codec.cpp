#include "x264_codec.h"

#include "error.h"
#include "to_yuv420.h"
#include "x264_parameters.h"

namespace csi {

X264Codec::X264Codec(const CsiEncoderConfig &config, const CsiColour &colour) :
    pixel_format_(config.input.pixel_format) {
  x264_param_t parameters = x264_parameters(config, colour);
  log_.attach(parameters);
  encoder_.reset(x264_encoder_open(&parameters));
  if (!encoder_)
    throw Error(-EINVAL, log_.last_error("x264 refuses these parameters"));
  if (pixel_format_ != CSI_PIXEL_YUV420 && pixel_format_ != CSI_PIXEL_NV12)
    converted_.emplace(parameters.i_width, parameters.i_height);
}

void X264Codec::encode(BorrowedFrame &frame, EncoderPort &port) {
  Picture picture = frame.picture();
  if (converted_) {
    picture = to_yuv420(picture, pixel_format_, RgbBecomes::limited_range, *converted_);
    frame.release();
  }

  x264_picture_t input;
  x264_picture_init(&input);
  input.i_type = frame.force_key() ? X264_TYPE_IDR : X264_TYPE_AUTO;
  input.i_pts = next_pts_++;
  input.img.i_csp = pixel_format_ == CSI_PIXEL_NV12 ? X264_CSP_NV12 : X264_CSP_I420;
  input.img.i_plane = pixel_format_ == CSI_PIXEL_NV12 ? 2 : 3;
  for (int i = 0; i < input.img.i_plane; ++i) {
    input.img.plane[i] = const_cast<uint8_t *>(picture.plane[i]); // x264 copies them and writes nothing
    input.img.i_stride[i] = picture.stride[i];
  }
  timestamps_ns_.push_back(frame.timestamp_ns());
  const Packet packet = next_packet(&input);
  const EncoderPort::Quiet quiet(port); // a picture and its frame back come together
  give(packet, port);
  frame.release();
}

void X264Codec::flush(EncoderPort &port) {
  while (x264_encoder_delayed_frames(encoder_.get()) > 0)
    give(next_packet(nullptr), port);
}

X264Codec::Packet X264Codec::next_packet(x264_picture_t *picture) {
  x264_nal_t *nals;
  int nal_count;
  x264_picture_t output;
  const int byte_count = x264_encoder_encode(encoder_.get(), &nals, &nal_count, picture, &output);
  if (byte_count < 0)
    throw Error(-EIO, log_.last_error("x264 could not encode a frame"));
  if (byte_count == 0)
    return {};
  // The payloads of one call lie one behind the other (x264.h, x264_encoder_encode).
  return {output.b_keyframe != 0, nals[0].p_payload, static_cast<size_t>(byte_count)};
}

void X264Codec::give(const Packet &packet, EncoderPort &port) {
  if (packet.byte_count == 0)
    return;
  const int64_t timestamp_ns = timestamps_ns_.front();
  timestamps_ns_.pop_front();
  port.packet(timestamp_ns, packet.is_key, port.copy(packet.bytes, packet.byte_count));
}

} // namespace csi
