// The pixel formats that the device encodes from, and how a picture lies in its one plane.
#pragma once

#include <linux/videodev2.h>

#include <array>
#include <cstdint>
#include <string>

namespace m2m {

struct RawFormat {
  uint32_t fourcc;
  const char *name;
  const char *description;
  bool has_interleaved_chroma;
  bool has_v_first;
};

constexpr std::array<RawFormat, 4> kRawFormats = {{
    {V4L2_PIX_FMT_YUV420, "YU12", "Planar YUV 4:2:0", false, false},
    {V4L2_PIX_FMT_YVU420, "YV12", "Planar YVU 4:2:0", false, true},
    {V4L2_PIX_FMT_NV12, "NV12", "Y/UV 4:2:0", true, false},
    {V4L2_PIX_FMT_NV21, "NV21", "Y/VU 4:2:0", true, true},
}};

inline const RawFormat *find_raw_format(uint32_t fourcc) {
  for (const RawFormat &format : kRawFormats)
    if (format.fourcc == fourcc)
      return &format;
  return nullptr;
}

inline const RawFormat *find_raw_format(const std::string &name) {
  for (const RawFormat &format : kRawFormats)
    if (format.name == name)
      return &format;
  return nullptr;
}

inline std::string fourcc_name(uint32_t fourcc) {
  std::string name;
  for (int shift = 0; shift < 32; shift += 8)
    name += static_cast<char>(fourcc >> shift & 0x7f);
  return name;
}

} // namespace m2m
