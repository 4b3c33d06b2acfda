#include "x264_parameters.h"

#include "error.h"

#include <algorithm>

namespace csi {

x264_param_t x264_parameters(const CsiEncoderConfig &config, const CsiColour &colour) {
  x264_param_t p;
  if (x264_param_default_preset(&p, "ultrafast", "zerolatency") != 0)
    throw Error(-ENOTSUP, "this x264 has no preset ultrafast or no tune zerolatency");

  p.i_width = static_cast<int>(config.input.width);
  p.i_height = static_cast<int>(config.input.height);
  p.i_csp = config.input.pixel_format == CSI_PIXEL_NV12 ? X264_CSP_NV12 : X264_CSP_I420;
  p.i_threads = static_cast<int>(config.threads);
  p.i_level_idc = static_cast<int>(config.level_idc);

  // Time is counted in nominal frames, for rate control and the VUI. With b_vfr_input x264 would hold each frame back
  // to learn how long it lasts; without it the VUI says fixed_frame_rate_flag 1, which no player heeds: the file's
  // times count.
  p.b_vfr_input = 0;
  p.i_fps_num = config.rate_numerator;
  p.i_fps_den = config.rate_denominator;
  p.i_timebase_num = config.rate_denominator;
  p.i_timebase_den = config.rate_numerator;

  p.i_keyint_max = static_cast<int>(std::min<uint32_t>(config.key_interval_frames, X264_KEYINT_MAX_INFINITE));
  p.i_keyint_min = p.i_keyint_max;
  p.i_scenecut_threshold = 0;
  p.b_open_gop = 0;
  p.i_bframe = 0;

  const int kilobit_per_second = static_cast<int>(config.bitrate / 1000);
  p.rc.i_rc_method = X264_RC_ABR;
  p.rc.i_bitrate = kilobit_per_second;
  p.rc.i_vbv_max_bitrate = kilobit_per_second;
  p.rc.i_vbv_buffer_size = kilobit_per_second; // kilobit: one second

  p.b_annexb = 0;
  p.b_repeat_headers = 1;
  p.vui.b_fullrange = colour.full_range;
  p.vui.i_colorprim = colour.primaries;
  p.vui.i_transfer = colour.transfer;
  p.vui.i_colmatrix = colour.matrix;
  return p;
}

} // namespace csi
