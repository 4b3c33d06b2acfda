// The encoder's controls, as V4L2's control framework answers for them: integers are clamped and rounded to their step,
// menus refuse what they don't have, and a program can ask for all of them in order.
#pragma once

#include "switches.h"

#include <linux/videodev2.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace m2m {

struct Control {
  uint32_t id;
  const char *name;
  uint32_t type; // enum v4l2_ctrl_type
  int32_t minimum;
  int32_t maximum;
  int32_t step;
  int32_t default_value;
  uint32_t flags = 0;
  std::vector<const char *> menu = {}; // nullptr: an entry that the device does not have
};

/** Handlers of ioctls: 0 or -errno. Not locked: that is the context's. */
class Controls {
public:
  /** Called with each control that was set, and to what. */
  using OnSet = std::function<void(const Control &, int32_t)>;

  Controls(const Switches &switches, OnSet on_set);

  int query(v4l2_queryctrl &query) const;
  int query_extended(v4l2_query_ext_ctrl &query) const;
  int query_menu(v4l2_querymenu &query) const;
  int get(v4l2_control &control) const;
  int set(v4l2_control &control);
  int get_many(v4l2_ext_controls &controls) const;
  int set_many(v4l2_ext_controls &controls);
  int try_many(v4l2_ext_controls &controls) const;

  bool has(uint32_t id) const { return find(id) != nullptr; }
  /** The control's value; `otherwise` where the device does not have it. */
  int32_t value(uint32_t id, int32_t otherwise) const;

private:
  const Control *find(uint32_t id) const;
  const Control *find_or_next(uint32_t id) const;
  int fit(const Control &control, int32_t &value) const;
  void store(const Control &control, int32_t value);
  int check_many(v4l2_ext_controls &controls, bool is_try) const;

  std::map<uint32_t, Control> controls_;
  std::map<uint32_t, int32_t> values_;
  OnSet on_set_;
};

} // namespace m2m
