// What the program and the device agree on before buffers are made: formats, sizes, crop and frame rate of both queues.
#pragma once

#include "queue_format.h"
#include "switches.h"

#include <linux/videodev2.h>

namespace m2m {

/** Handlers of ioctls: 0 or -errno. Not locked: that is the context's. */
class FormatNegotiation {
public:
  explicit FormatNegotiation(const Switches &switches);

  int describe_format(v4l2_fmtdesc &description) const;
  int describe_frame_sizes(v4l2_frmsizeenum &sizes) const;
  int get_format(v4l2_format &format) const;
  int try_format(v4l2_format &format) const;
  int set_format(v4l2_format &format);
  int get_selection(v4l2_selection &selection) const;
  int set_selection(v4l2_selection &selection);
  int get_parameters(v4l2_streamparm &parameters) const;
  int set_parameters(v4l2_streamparm &parameters);

  uint32_t output_type() const { return output_type_; }
  uint32_t capture_type() const { return capture_type_; }
  bool is_output(uint32_t type) const { return type == output_type_; }
  bool is_capture(uint32_t type) const { return type == capture_type_; }
  const QueueFormat &output() const { return output_; }
  const QueueFormat &capture() const { return capture_; }

  struct Size {
    uint32_t width;
    uint32_t height;
  };
  /** The part of an OUTPUT picture that is encoded, from its top left corner. */
  Size visible() const { return visible_; }
  v4l2_fract frame_interval() const { return frame_interval_; }

private:
  void answer(const QueueFormat &format, v4l2_format &to) const;
  void fit(QueueFormat &format, bool is_output) const;
  void spoil(QueueFormat &format) const;
  uint32_t coded_fourcc() const;

  const Switches &switches_;
  const uint32_t output_type_;
  const uint32_t capture_type_;
  QueueFormat output_;
  QueueFormat capture_;
  Size visible_ = {};
  bool is_crop_set_ = false;
  v4l2_fract frame_interval_ = {1, 30};
};

} // namespace m2m
