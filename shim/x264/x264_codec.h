// H.264 by libx264, tuned for a live camera: every frame leaves before the next one enters.
#pragma once

#include "codec.h"
#include "picture_buffer.h"
#include "x264_log.h"

#include <deque>
#include <memory>
#include <optional>

#include <x264.h>

namespace csi {

class X264Codec final : public Codec {
public:
  /** `colour` goes into the VUI. Throws Error with x264's own words. */
  X264Codec(const CsiEncoderConfig &config, const CsiColour &colour);

  void encode(BorrowedFrame &frame, EncoderPort &port) override;
  void flush(EncoderPort &port) override;

private:
  struct Close {
    void operator()(x264_t *encoder) const noexcept { x264_encoder_close(encoder); }
  };

  /** In x264's memory: valid until the next call of it. */
  struct Packet {
    bool is_key = false;
    const uint8_t *bytes = nullptr;
    size_t byte_count = 0;
  };

  /** Gives x264 a picture, or nullptr to get at those it still holds. Without bytes: nothing came out. */
  Packet next_packet(x264_picture_t *picture);
  void give(const Packet &packet, EncoderPort &port);

  const uint32_t pixel_format_;
  X264Log log_; // before encoder_, which writes to it until closed
  std::unique_ptr<x264_t, Close> encoder_;
  std::optional<PictureBuffer> converted_; // for layouts that x264 does not take
  int64_t next_pts_ = 0;
  std::deque<int64_t> timestamps_ns_; // of the frames inside x264, oldest first: without B-frames none overtakes
};

} // namespace csi
