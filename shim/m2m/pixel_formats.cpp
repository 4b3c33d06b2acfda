#include "pixel_formats.h"

#include <linux/videodev2.h>

namespace csi {

const std::vector<RawFormat> &raw_formats() {
  // V4L2 names RGB by the order in memory, DRM and libcamera by the order in a little-endian word.
  static const std::vector<RawFormat> formats = {
      {V4L2_PIX_FMT_YUV420, CSI_PIXEL_YUV420, false}, {V4L2_PIX_FMT_YUV420M, CSI_PIXEL_YUV420, true},
      {V4L2_PIX_FMT_NV12, CSI_PIXEL_NV12, false},     {V4L2_PIX_FMT_NV12M, CSI_PIXEL_NV12, true},
      {V4L2_PIX_FMT_BGR24, CSI_PIXEL_RGB888, false},  {V4L2_PIX_FMT_RGB24, CSI_PIXEL_BGR888, false},
      {V4L2_PIX_FMT_YUYV, CSI_PIXEL_YUYV, false},
  };
  return formats;
}

std::vector<uint32_t> coded_formats(uint32_t codec) {
  switch (codec) {
  case CSI_CODEC_H264:
    return {V4L2_PIX_FMT_H264};
  case CSI_CODEC_JPEG:
    return {V4L2_PIX_FMT_JPEG, V4L2_PIX_FMT_MJPEG};
  case CSI_CODEC_FWHT:
    return {V4L2_PIX_FMT_FWHT};
  default:
    return {};
  }
}

std::string fourcc_text(uint32_t fourcc) {
  std::string text;
  for (int shift = 0; shift < 32; shift += 8) {
    const char character = static_cast<char>(fourcc >> shift & 0x7f);
    text += character >= ' ' ? character : '?';
  }
  return text;
}

} // namespace csi
