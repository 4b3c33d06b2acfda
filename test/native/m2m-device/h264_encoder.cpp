// Like the Raspberry Pi's encoder where it can be: no B-frames, every I-frame an IDR, parameter sets on request only.
#include "encoder.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <x264.h>

namespace m2m {
namespace {

// level_idc by enum v4l2_mpeg_video_h264_level; x264 writes level 1b as 9.
constexpr std::array<int, 16> kLevels = {10, 9, 11, 12, 13, 20, 21, 22, 30, 31, 32, 40, 41, 42, 50, 51};

int colour_space_of(const RawFormat &format) {
  if (format.has_interleaved_chroma)
    return format.has_v_first ? X264_CSP_NV21 : X264_CSP_NV12;
  return format.has_v_first ? X264_CSP_YV12 : X264_CSP_I420;
}

/** x264 writes the profile of the tools that are used: those that tell the profiles apart are switched on. */
void set_profile(x264_param_t &parameters, int32_t profile) {
  parameters.b_cabac = profile >= V4L2_MPEG_VIDEO_H264_PROFILE_MAIN;
  parameters.analyse.b_transform_8x8 = profile == V4L2_MPEG_VIDEO_H264_PROFILE_HIGH;
}

x264_param_t parameters_for(const EncoderSettings &settings) {
  x264_param_t p;
  if (x264_param_default_preset(&p, "ultrafast", "zerolatency") != 0)
    throw std::runtime_error("x264 has no preset ultrafast");
  p.i_log_level = X264_LOG_NONE;
  p.i_threads = 1;
  p.i_width = static_cast<int>(settings.width);
  p.i_height = static_cast<int>(settings.height);
  p.i_csp = colour_space_of(*find_raw_format(settings.fourcc));
  p.i_level_idc = kLevels.at(static_cast<size_t>(settings.level));
  p.b_vfr_input = 0;
  p.i_fps_num = settings.frame_interval.denominator;
  p.i_fps_den = settings.frame_interval.numerator;
  p.i_timebase_num = p.i_fps_den;
  p.i_timebase_den = p.i_fps_num;
  p.i_keyint_max =
      settings.key_interval > 0 ? std::min(settings.key_interval, X264_KEYINT_MAX_INFINITE) : X264_KEYINT_MAX_INFINITE;
  p.i_keyint_min = p.i_keyint_max;
  p.i_scenecut_threshold = 0;
  p.rc.i_rc_method = X264_RC_ABR;
  p.rc.i_bitrate = settings.bitrate / 1000;
  p.rc.i_vbv_max_bitrate = p.rc.i_vbv_buffer_size = p.rc.i_bitrate;
  p.rc.i_qp_min = settings.qp_min;
  p.rc.i_qp_max = settings.qp_max;
  p.b_repeat_headers = 0;
  p.b_annexb = 1;
  set_profile(p, settings.profile);
  return p;
}

class H264Encoder : public Encoder {
public:
  explicit H264Encoder(const EncoderSettings &settings) {
    x264_param_t parameters = parameters_for(settings);
    colour_space_ = parameters.i_csp;
    encoder_.reset(x264_encoder_open(&parameters));
    if (!encoder_)
      throw std::runtime_error("x264 refuses the settings");
  }

  Coded encode(const Picture &from, bool force_key) override {
    x264_picture_t input, output;
    x264_picture_init(&input);
    input.i_type = force_key ? X264_TYPE_IDR : X264_TYPE_AUTO;
    input.i_pts = next_pts_++;
    input.img.i_csp = colour_space_;
    input.img.i_plane = from.format->has_interleaved_chroma ? 2 : 3;
    for (int i = 0; i < input.img.i_plane; ++i) {
      input.img.plane[i] = const_cast<uint8_t *>(i == 0 ? from.luma : from.chroma(i - 1)); // it only reads
      input.img.i_stride[i] = static_cast<int>(i == 0 ? from.stride : from.chroma_stride());
    }
    x264_nal_t *units;
    int unit_count;
    const int byte_count = x264_encoder_encode(encoder_.get(), &units, &unit_count, &input, &output);
    if (byte_count <= 0)
      throw std::runtime_error("x264 made nothing of a picture");
    // Since b_repeat_headers is 0 there is nothing but slices; they lie one behind the other.
    return {{units[0].p_payload, units[0].p_payload + byte_count}, output.b_keyframe != 0};
  }

  std::vector<uint8_t> headers() override {
    x264_nal_t *units;
    int unit_count;
    x264_encoder_headers(encoder_.get(), &units, &unit_count);
    std::vector<uint8_t> bytes;
    for (const x264_nal_t *unit = units; unit < units + unit_count; ++unit)
      if (unit->i_type == NAL_SPS || unit->i_type == NAL_PPS)
        bytes.insert(bytes.end(), unit->p_payload, unit->p_payload + unit->i_payload);
    return bytes;
  }

private:
  struct Close {
    void operator()(x264_t *encoder) const { x264_encoder_close(encoder); }
  };
  std::unique_ptr<x264_t, Close> encoder_;
  int colour_space_;
  int64_t next_pts_ = 0;
};

} // namespace

std::unique_ptr<Encoder> open_h264_encoder(const EncoderSettings &settings) {
  return std::make_unique<H264Encoder>(settings);
}

} // namespace m2m
