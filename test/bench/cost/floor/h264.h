// libx264 with the module's own settings: shim/x264/x264_parameters.cpp is compiled in.
#pragma once

#include "job.h"
#include "x264_parameters.h"

#include <stdexcept>

class H264 {
public:
  explicit H264(const Job &job) : key_interval_frames_(job.frames_per_second) {
    constexpr uint32_t key_interval_seconds_max = 10; // src/recording/encoders/native-config.ts
    CsiEncoderConfig config{};
    config.input.width = static_cast<uint32_t>(job.width);
    config.input.height = static_cast<uint32_t>(job.height);
    config.input.pixel_format = CSI_PIXEL_YUV420;
    config.rate_numerator = job.frames_per_second * 1000;
    config.rate_denominator = 1000;
    config.bitrate = job.bitrate;
    config.key_interval_frames = job.frames_per_second * key_interval_seconds_max;
    config.level_idc = job.level_idc;
    config.threads = job.threads;
    x264_param_t parameters = csi::x264_parameters(config, {1, 1, 1, 0});
    parameters.i_log_level = X264_LOG_ERROR;
    encoder_ = x264_encoder_open(&parameters);
    if (!encoder_)
      throw std::runtime_error("x264 refuses these parameters");
  }
  ~H264() { x264_encoder_close(encoder_); }
  H264(const H264 &) = delete;
  H264 &operator=(const H264 &) = delete;

  /** With a key frame each second, as the module asks for them. */
  Bytes encode(const Planes &picture) {
    x264_picture_t input;
    x264_picture_init(&input);
    input.i_type = count_ % key_interval_frames_ == 0 ? X264_TYPE_IDR : X264_TYPE_AUTO;
    input.i_pts = count_++;
    input.img.i_csp = X264_CSP_I420;
    input.img.i_plane = 3;
    for (int i = 0; i < 3; ++i) {
      input.img.plane[i] = picture.plane[i];
      input.img.i_stride[i] = picture.stride[i];
    }
    x264_nal_t *units;
    int unit_count;
    x264_picture_t output;
    const int bytes = x264_encoder_encode(encoder_, &units, &unit_count, &input, &output);
    if (bytes <= 0) // zerolatency: each picture comes out at once
      throw std::runtime_error("x264 could not encode a picture");
    return {units[0].p_payload, static_cast<unsigned long>(bytes)};
  }

private:
  const uint32_t key_interval_frames_;
  x264_t *encoder_;
  uint32_t count_ = 0;
};
