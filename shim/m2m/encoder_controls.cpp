#include "encoder_controls.h"

#include <algorithm>
#include <cstring>
#include <optional>

namespace csi {
namespace {

std::optional<v4l2_queryctrl> query(const M2mDevice &device, uint32_t id) {
  v4l2_queryctrl control = {};
  control.id = id;
  if (device.ask(VIDIOC_QUERYCTRL, &control) != 0 || control.flags & V4L2_CTRL_FLAG_DISABLED)
    return std::nullopt;
  return control;
}

/** 0 or -errno. */
int set(const M2mDevice &device, uint32_t id, int32_t value) {
  v4l2_ext_control control = {};
  control.id = id;
  control.value = value;
  v4l2_ext_controls controls = {};
  controls.which = V4L2_CTRL_WHICH_CUR_VAL;
  controls.count = 1;
  controls.controls = &control;
  return device.ask(VIDIOC_S_EXT_CTRLS, &controls);
}

/** The value that the driver keeps. */
std::optional<int32_t> get(const M2mDevice &device, uint32_t id) {
  v4l2_control control = {};
  control.id = id;
  if (device.ask(VIDIOC_G_CTRL, &control) != 0)
    return std::nullopt;
  return control.value;
}

bool menu_has(const M2mDevice &device, uint32_t id, int32_t index) {
  v4l2_querymenu item = {};
  item.id = id;
  item.index = static_cast<uint32_t>(index);
  return device.ask(VIDIOC_QUERYMENU, &item) == 0;
}

/** A wish: what the driver makes of it is its own affair. */
void wish(const M2mDevice &device, uint32_t id, int64_t value) {
  const auto control = query(device, id);
  if (!control)
    return;
  const int32_t allowed = static_cast<int32_t>(std::clamp<int64_t>(value, control->minimum, control->maximum));
  if (control->type == V4L2_CTRL_TYPE_MENU && !menu_has(device, id, allowed))
    return;
  set(device, id, allowed);
}

std::string named(const v4l2_queryctrl &control) {
  const char *name = reinterpret_cast<const char *>(control.name);
  return std::string(name, strnlen(name, sizeof control.name));
}

void set_bitrate(const M2mDevice &device, uint32_t bitrate) {
  wish(device, V4L2_CID_MPEG_VIDEO_FRAME_RC_ENABLE, 1);
  wish(device, V4L2_CID_MPEG_VIDEO_BITRATE_MODE, V4L2_MPEG_VIDEO_BITRATE_MODE_VBR);
  const auto control = query(device, V4L2_CID_MPEG_VIDEO_BITRATE);
  if (!control)
    return;
  const auto wanted = static_cast<int64_t>(bitrate);
  if (wanted < control->minimum || wanted > control->maximum)
    throw Error(-ENOTSUP, device.path() + " encodes at " + std::to_string(control->minimum) + " to " +
                              std::to_string(control->maximum) + " bit/s, asked for " + std::to_string(bitrate));
  const int result = set(device, V4L2_CID_MPEG_VIDEO_BITRATE, static_cast<int32_t>(bitrate));
  const auto kept = get(device, V4L2_CID_MPEG_VIDEO_BITRATE);
  if (result != 0 || (kept && (*kept < wanted / 2 || *kept > wanted * 2)))
    throw Error(-ENOTSUP, device.path() + " refuses a bitrate of " + std::to_string(bitrate) + " bit/s" +
                              (kept ? " and keeps " + std::to_string(*kept) : ""));
}

struct Level {
  uint32_t idc;
  int32_t menu_index;
};

constexpr Level kLevels[] = {
    {10, V4L2_MPEG_VIDEO_H264_LEVEL_1_0}, {11, V4L2_MPEG_VIDEO_H264_LEVEL_1_1}, {12, V4L2_MPEG_VIDEO_H264_LEVEL_1_2},
    {13, V4L2_MPEG_VIDEO_H264_LEVEL_1_3}, {20, V4L2_MPEG_VIDEO_H264_LEVEL_2_0}, {21, V4L2_MPEG_VIDEO_H264_LEVEL_2_1},
    {22, V4L2_MPEG_VIDEO_H264_LEVEL_2_2}, {30, V4L2_MPEG_VIDEO_H264_LEVEL_3_0}, {31, V4L2_MPEG_VIDEO_H264_LEVEL_3_1},
    {32, V4L2_MPEG_VIDEO_H264_LEVEL_3_2}, {40, V4L2_MPEG_VIDEO_H264_LEVEL_4_0}, {41, V4L2_MPEG_VIDEO_H264_LEVEL_4_1},
    {42, V4L2_MPEG_VIDEO_H264_LEVEL_4_2}, {50, V4L2_MPEG_VIDEO_H264_LEVEL_5_0}, {51, V4L2_MPEG_VIDEO_H264_LEVEL_5_1},
    {52, V4L2_MPEG_VIDEO_H264_LEVEL_5_2}, {60, V4L2_MPEG_VIDEO_H264_LEVEL_6_0}, {61, V4L2_MPEG_VIDEO_H264_LEVEL_6_1},
    {62, V4L2_MPEG_VIDEO_H264_LEVEL_6_2},
};

/** The lowest level from the one needed on that the driver knows. */
void set_level(const M2mDevice &device, uint32_t level_idc) {
  const auto control = query(device, V4L2_CID_MPEG_VIDEO_H264_LEVEL);
  if (!control)
    return;
  for (const Level &level : kLevels)
    if (level.idc >= level_idc && level.menu_index <= control->maximum &&
        menu_has(device, V4L2_CID_MPEG_VIDEO_H264_LEVEL, level.menu_index) &&
        set(device, V4L2_CID_MPEG_VIDEO_H264_LEVEL, level.menu_index) == 0)
      return;
  throw Error(-ENOTSUP, device.path() + " does not know H.264 level " + std::to_string(level_idc / 10) + "." +
                            std::to_string(level_idc % 10) + ", which this size and rate need");
}

void set_profile(const M2mDevice &device) {
  for (const int32_t profile : {V4L2_MPEG_VIDEO_H264_PROFILE_HIGH, V4L2_MPEG_VIDEO_H264_PROFILE_MAIN})
    if (query(device, V4L2_CID_MPEG_VIDEO_H264_PROFILE) &&
        menu_has(device, V4L2_CID_MPEG_VIDEO_H264_PROFILE, profile) &&
        set(device, V4L2_CID_MPEG_VIDEO_H264_PROFILE, profile) == 0)
      return;
}

/** Where key frames cannot be asked for, they have to come by themselves: one each second. */
void set_key_interval(const M2mDevice &device, const CsiEncoderConfig &config) {
  const uint32_t second = std::max(1u, config.rate_numerator / config.rate_denominator);
  const uint32_t interval = query(device, V4L2_CID_MPEG_VIDEO_FORCE_KEY_FRAME) ? config.key_interval_frames : second;
  const uint32_t id = query(device, V4L2_CID_MPEG_VIDEO_H264_I_PERIOD) ? V4L2_CID_MPEG_VIDEO_H264_I_PERIOD
                                                                       : V4L2_CID_MPEG_VIDEO_GOP_SIZE;
  wish(device, id, interval);
}

} // namespace

void configure_encoder(const M2mDevice &device, const CsiEncoderConfig &config) {
  if (config.codec == CSI_CODEC_JPEG)
    return wish(device, V4L2_CID_JPEG_COMPRESSION_QUALITY, config.quality);
  set_key_interval(device, config);
  if (config.codec != CSI_CODEC_H264)
    return;
  set_bitrate(device, config.bitrate);
  set_profile(device);
  set_level(device, config.level_idc);
  wish(device, V4L2_CID_MPEG_VIDEO_B_FRAMES, 0);
  wish(device, V4L2_CID_MPEG_VIDEO_REPEAT_SEQ_HEADER, 1);
  wish(device, V4L2_CID_MPEG_VIDEO_HEADER_MODE, V4L2_MPEG_VIDEO_HEADER_MODE_JOINED_WITH_1ST_FRAME);
}

void force_key_frame(const M2mDevice &device) {
  wish(device, V4L2_CID_MPEG_VIDEO_FORCE_KEY_FRAME, 1); // where there is no such button the next one comes by itself
}

uint32_t buffers_min(const M2mDevice &device, Side side) {
  const auto value =
      get(device, side == Side::output ? V4L2_CID_MIN_BUFFERS_FOR_OUTPUT : V4L2_CID_MIN_BUFFERS_FOR_CAPTURE);
  return static_cast<uint32_t>(std::clamp(value.value_or(1), 1, VIDEO_MAX_FRAME));
}

std::string describe_controls(const M2mDevice &device) {
  std::string lines;
  v4l2_queryctrl control = {};
  control.id = V4L2_CTRL_FLAG_NEXT_CTRL;
  for (int count = 0; count < 256 && device.ask(VIDIOC_QUERYCTRL, &control) == 0; ++count) {
    if (control.type != V4L2_CTRL_TYPE_CTRL_CLASS && !(control.flags & V4L2_CTRL_FLAG_DISABLED)) {
      lines += named(control);
      if (control.type != V4L2_CTRL_TYPE_BUTTON)
        lines += " " + std::to_string(control.minimum) + ".." + std::to_string(control.maximum) + " (" +
                 std::to_string(control.default_value) + ")";
      lines += "\n";
    }
    control.id |= V4L2_CTRL_FLAG_NEXT_CTRL;
  }
  return lines;
}

} // namespace csi
