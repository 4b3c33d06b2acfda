// One queue's format, whichever of V4L2's two structs it came in.
#pragma once

#include <linux/videodev2.h>

#include <cstdint>

namespace m2m {

struct QueueFormat {
  uint32_t fourcc = 0;
  uint32_t width = 0;
  uint32_t height = 0; // padding included
  uint32_t bytes_per_line = 0;
  uint32_t size_image = 0;
  uint32_t colour_space = 0; // V4L2_COLORSPACE_…, and the three that refine it
  uint32_t transfer = 0;
  uint32_t matrix = 0;
  uint32_t quantization = 0;

  /** From the struct that `format.type` says; of the multi-planar one, its first plane. */
  static QueueFormat unpack(const v4l2_format &format);
  void pack(v4l2_format &to) const;
};

} // namespace m2m
