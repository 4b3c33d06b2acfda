// What makes pictures smaller.
#pragma once

#include "raw_format.h"
#include "switches.h"

#include <linux/videodev2.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace m2m {

/** Borrowed pixels. */
struct Picture {
  const RawFormat *format;
  const uint8_t *luma;
  uint32_t stride;       // of luma and of interleaved chroma; planar chroma has half of it
  uint32_t coded_height; // rows of luma up to where chroma begins

  uint32_t chroma_stride() const { return format->has_interleaved_chroma ? stride : stride / 2; }
  /** Chroma as it lies in memory: planar has a second one behind the first. */
  const uint8_t *chroma(int which) const {
    return luma + size_t{stride} * coded_height + which * size_t{stride / 2} * (coded_height / 2);
  }
};

struct Coded {
  std::vector<uint8_t> bytes;
  bool is_key;
};

/** Taken from the controls when streaming begins. */
struct EncoderSettings {
  Codec codec;
  uint32_t width; // visible
  uint32_t height;
  uint32_t fourcc;
  uint32_t stride;
  uint32_t coded_height;
  v4l2_fract frame_interval;
  int32_t bitrate;      // bit/s
  int32_t key_interval; // frames; 0: no end
  int32_t profile;      // enum v4l2_mpeg_video_h264_profile
  int32_t level;        // enum v4l2_mpeg_video_h264_level
  int32_t qp_min;
  int32_t qp_max;
  int32_t quality; // JPEG
};

class Encoder {
public:
  virtual ~Encoder() = default;
  /** Throws std::runtime_error. */
  virtual Coded encode(const Picture &picture, bool force_key) = 0;
  /** SPS and PPS as byte stream; JPEG has none. */
  virtual std::vector<uint8_t> headers() { return {}; }
};

/** Throws std::runtime_error where the codec refuses. */
std::unique_ptr<Encoder> open_encoder(const EncoderSettings &settings);
std::unique_ptr<Encoder> open_h264_encoder(const EncoderSettings &settings);
std::unique_ptr<Encoder> open_jpeg_encoder(const EncoderSettings &settings);

/** Encodes 60 frames, then repeats their packets round and round: each round begins with a key frame. */
std::unique_ptr<Encoder> open_canned_encoder(std::unique_ptr<Encoder> encoder);

} // namespace m2m
