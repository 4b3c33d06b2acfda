#include "controls.h"

#include <errno.h>
#include <string.h>

#include <algorithm>

namespace m2m {
namespace {

constexpr uint32_t kButton = V4L2_CTRL_FLAG_WRITE_ONLY | V4L2_CTRL_FLAG_EXECUTE_ON_WRITE;
constexpr uint32_t kHeading = V4L2_CTRL_FLAG_READ_ONLY | V4L2_CTRL_FLAG_WRITE_ONLY;

std::vector<Control> h264_controls() {
  constexpr uint32_t integer = V4L2_CTRL_TYPE_INTEGER, menu = V4L2_CTRL_TYPE_MENU;
  return {
      {V4L2_CID_CODEC_CLASS, "Codec Controls", V4L2_CTRL_TYPE_CTRL_CLASS, 0, 0, 0, 0, kHeading},
      {V4L2_CID_MPEG_VIDEO_B_FRAMES, "Video B Frames", integer, 0, 0, 1, 0},
      {V4L2_CID_MPEG_VIDEO_GOP_SIZE, "Video GOP Size", integer, 0, INT32_MAX, 1, 60},
      {V4L2_CID_MPEG_VIDEO_BITRATE_MODE,
       "Video Bitrate Mode",
       menu,
       0,
       1,
       1,
       0,
       V4L2_CTRL_FLAG_UPDATE,
       {"Variable Bitrate", "Constant Bitrate"}},
      {V4L2_CID_MPEG_VIDEO_BITRATE, "Video Bitrate", integer, 25'000, 25'000'000, 25'000, 10'000'000},
      {V4L2_CID_MPEG_VIDEO_HEADER_MODE,
       "Sequence Header Mode",
       menu,
       0,
       1,
       1,
       1,
       0,
       {"Separate Buffer", "Joined With 1st Frame"}},
      {V4L2_CID_MPEG_VIDEO_REPEAT_SEQ_HEADER, "Repeat Sequence Header", V4L2_CTRL_TYPE_BOOLEAN, 0, 1, 1, 0},
      {V4L2_CID_MPEG_VIDEO_FORCE_KEY_FRAME, "Force Key Frame", V4L2_CTRL_TYPE_BUTTON, 0, 0, 0, 0, kButton},
      {V4L2_CID_MPEG_VIDEO_H264_MIN_QP, "H264 Minimum QP Value", integer, 0, 51, 1, 20},
      {V4L2_CID_MPEG_VIDEO_H264_MAX_QP, "H264 Maximum QP Value", integer, 0, 51, 1, 51},
      {V4L2_CID_MPEG_VIDEO_H264_I_PERIOD, "H264 I-Frame Period", integer, 0, INT32_MAX, 1, 60},
      {V4L2_CID_MPEG_VIDEO_H264_LEVEL,
       "H264 Level",
       menu,
       0,
       V4L2_MPEG_VIDEO_H264_LEVEL_5_1,
       1,
       V4L2_MPEG_VIDEO_H264_LEVEL_4_0,
       0,
       {"1", "1b", "1.1", "1.2", "1.3", "2", "2.1", "2.2", "3", "3.1", "3.2", "4", "4.1", "4.2", "5", "5.1"}},
      {V4L2_CID_MPEG_VIDEO_H264_PROFILE,
       "H264 Profile",
       menu,
       0,
       V4L2_MPEG_VIDEO_H264_PROFILE_HIGH,
       1,
       V4L2_MPEG_VIDEO_H264_PROFILE_HIGH,
       0,
       {"Baseline", "Constrained Baseline", "Main", nullptr, "High"}},
  };
}

std::vector<Control> jpeg_controls() {
  return {{V4L2_CID_JPEG_CLASS, "JPEG Compression Controls", V4L2_CTRL_TYPE_CTRL_CLASS, 0, 0, 0, 0, kHeading},
          {V4L2_CID_JPEG_COMPRESSION_QUALITY, "Compression Quality", V4L2_CTRL_TYPE_INTEGER, 1, 100, 1, 80}};
}

std::vector<Control> buffer_controls() {
  constexpr uint32_t read_only = V4L2_CTRL_FLAG_READ_ONLY | V4L2_CTRL_FLAG_VOLATILE;
  return {
      {V4L2_CID_USER_CLASS, "User Controls", V4L2_CTRL_TYPE_CTRL_CLASS, 0, 0, 0, 0, kHeading},
      {V4L2_CID_MIN_BUFFERS_FOR_OUTPUT, "Min Number of Output Buffers", V4L2_CTRL_TYPE_INTEGER, 2, 2, 1, 2, read_only}};
}

/** Names have 32 bytes in all three structs. */
void copy_name(void *to, const char *from) {
  constexpr size_t name_bytes = 32;
  memset(to, 0, name_bytes);
  memcpy(to, from, std::min(strlen(from), name_bytes - 1));
}

} // namespace

Controls::Controls(const Switches &switches, OnSet on_set) : on_set_(std::move(on_set)) {
  if (switches.controls == ControlSet::none)
    return;
  std::vector<Control> all = switches.codec == Codec::h264 ? h264_controls() : jpeg_controls();
  if (switches.controls == ControlSet::all)
    for (Control &control : buffer_controls())
      all.push_back(control);
  for (Control &control : all)
    if (control.id != V4L2_CID_MPEG_VIDEO_FORCE_KEY_FRAME || switches.controls != ControlSet::no_force_key)
      controls_.emplace(control.id, control);
  for (const auto &[id, control] : controls_)
    values_[id] = control.default_value;
}

int32_t Controls::value(uint32_t id, int32_t otherwise) const {
  const auto found = values_.find(id);
  return found == values_.end() ? otherwise : found->second;
}

const Control *Controls::find(uint32_t id) const {
  const auto found = controls_.find(id);
  return found == controls_.end() ? nullptr : &found->second;
}

const Control *Controls::find_or_next(uint32_t id) const {
  // Compound controls are asked for by a flag of their own: there are none.
  if ((id & (V4L2_CTRL_FLAG_NEXT_CTRL | V4L2_CTRL_FLAG_NEXT_COMPOUND)) == 0)
    return find(id);
  const auto next = controls_.upper_bound(id & V4L2_CTRL_ID_MASK);
  return (id & V4L2_CTRL_FLAG_NEXT_CTRL) == 0 || next == controls_.end() ? nullptr : &next->second;
}

int Controls::query(v4l2_queryctrl &query) const {
  const Control *control = find_or_next(query.id);
  if (!control)
    return -EINVAL;
  query = {};
  query.id = control->id;
  query.type = control->type;
  copy_name(query.name, control->name);
  query.minimum = control->minimum;
  query.maximum = control->maximum;
  query.step = control->step;
  query.default_value = control->default_value;
  query.flags = control->flags;
  return 0;
}

int Controls::query_extended(v4l2_query_ext_ctrl &query) const {
  const Control *control = find_or_next(query.id);
  if (!control)
    return -EINVAL;
  query = {};
  query.id = control->id;
  query.type = control->type;
  copy_name(query.name, control->name);
  query.minimum = control->minimum;
  query.maximum = control->maximum;
  query.step = static_cast<uint64_t>(control->step);
  query.default_value = control->default_value;
  query.flags = control->flags;
  query.elem_size = sizeof(int32_t);
  query.elems = 1;
  return 0;
}

int Controls::query_menu(v4l2_querymenu &query) const {
  const Control *control = find(query.id);
  if (!control || query.index >= control->menu.size() || !control->menu[query.index])
    return -EINVAL;
  copy_name(query.name, control->menu[query.index]);
  query.reserved = 0;
  return 0;
}

int Controls::fit(const Control &control, int32_t &value) const {
  if (control.flags & V4L2_CTRL_FLAG_READ_ONLY)
    return -EACCES;
  switch (control.type) {
  case V4L2_CTRL_TYPE_BOOLEAN:
    value = value != 0;
    return 0;
  case V4L2_CTRL_TYPE_BUTTON:
    value = 0;
    return 0;
  case V4L2_CTRL_TYPE_MENU:
    if (value < control.minimum || value > control.maximum)
      return -ERANGE;
    return control.menu[static_cast<size_t>(value)] ? 0 : -EINVAL;
  default:
    const int64_t steps =
        (std::clamp<int64_t>(value, control.minimum, control.maximum) - control.minimum + control.step / 2) /
        control.step;
    value = static_cast<int32_t>(std::min<int64_t>(control.minimum + steps * control.step, control.maximum));
    return 0;
  }
}

void Controls::store(const Control &control, int32_t value) {
  values_[control.id] = value;
  // bcm2835-codec: one number with two names, this one written through to the other.
  if (control.id == V4L2_CID_MPEG_VIDEO_H264_I_PERIOD)
    values_[V4L2_CID_MPEG_VIDEO_GOP_SIZE] = value;
  on_set_(control, value);
}

int Controls::get(v4l2_control &control) const {
  const Control *found = find(control.id);
  if (!found)
    return -EINVAL;
  if (found->flags & V4L2_CTRL_FLAG_WRITE_ONLY)
    return -EACCES;
  control.value = values_.at(control.id);
  return 0;
}

int Controls::set(v4l2_control &control) {
  const Control *found = find(control.id);
  if (!found)
    return -EINVAL;
  if (const int result = fit(*found, control.value))
    return result;
  store(*found, control.value);
  return 0;
}

int Controls::get_many(v4l2_ext_controls &controls) const {
  for (uint32_t i = 0; i < controls.count; ++i) {
    v4l2_control one = {controls.controls[i].id, 0};
    const int result = get(one);
    if (result != 0) {
      controls.error_idx = result == -EACCES ? i : controls.count;
      return result;
    }
    controls.controls[i].value = one.value;
  }
  return 0;
}

/** error_idx tells the culprit only for TRY: with SET it says that nothing was set. */
int Controls::check_many(v4l2_ext_controls &controls, bool is_try) const {
  for (uint32_t i = 0; i < controls.count; ++i) {
    const Control *found = find(controls.controls[i].id);
    int32_t value = controls.controls[i].value;
    const int result = found ? fit(*found, value) : -EINVAL;
    if (result != 0) {
      controls.error_idx = is_try ? i : controls.count;
      return result;
    }
    controls.controls[i].value = value;
  }
  return 0;
}

int Controls::try_many(v4l2_ext_controls &controls) const {
  return check_many(controls, true);
}

int Controls::set_many(v4l2_ext_controls &controls) {
  if (const int result = check_many(controls, false))
    return result;
  for (uint32_t i = 0; i < controls.count; ++i)
    store(*find(controls.controls[i].id), controls.controls[i].value);
  return 0;
}

} // namespace m2m
