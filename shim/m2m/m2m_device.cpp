#include "m2m_device.h"

#include "pixel_formats.h"

#include <algorithm>
#include <cstring>

namespace csi {
namespace {

constexpr uint32_t kFormatsMax = 256; // a driver that never ends its list is not believed

std::string text_of(const uint8_t *bytes, size_t capacity) {
  const char *text = reinterpret_cast<const char *>(bytes);
  return std::string(text, strnlen(text, capacity));
}

const char *codec_name(uint32_t codec) {
  switch (codec) {
  case CSI_CODEC_H264:
    return "H.264";
  case CSI_CODEC_JPEG:
    return "JPEG";
  default:
    return "FWHT";
  }
}

bool is_raw(uint32_t fourcc) {
  const std::vector<RawFormat> &known = raw_formats();
  return std::any_of(known.begin(), known.end(), [&](const RawFormat &each) { return each.fourcc == fourcc; });
}

} // namespace

M2mDevice::M2mDevice(const std::string &path) : VideoDevice(path) {
  v4l2_capability capability = {};
  if (const int result = ask(VIDIOC_QUERYCAP, &capability))
    throw result == -ENODEV ? failure(result, "") : Error(-ENOTSUP, path + " is no video device");
  const uint32_t capabilities =
      capability.capabilities & V4L2_CAP_DEVICE_CAPS ? capability.device_caps : capability.capabilities;
  driver_ = text_of(capability.driver, sizeof capability.driver);
  card_ = text_of(capability.card, sizeof capability.card);
  multiplanar_ = capabilities & V4L2_CAP_VIDEO_M2M_MPLANE;
  if (!(capabilities & (V4L2_CAP_VIDEO_M2M | V4L2_CAP_VIDEO_M2M_MPLANE))) {
    const bool camera = capabilities & (V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_VIDEO_CAPTURE_MPLANE);
    throw Error(-ENOTSUP, path + " (" + card_ + ") is no encoder but " + (camera ? "a camera" : "another device"));
  }
  if (!(capabilities & V4L2_CAP_STREAMING))
    throw Error(-ENOTSUP, path + " (" + card_ + ") cannot stream");
}

uint32_t M2mDevice::type(Side side) const noexcept {
  if (side == Side::output)
    return multiplanar_ ? V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE : V4L2_BUF_TYPE_VIDEO_OUTPUT;
  return multiplanar_ ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE : V4L2_BUF_TYPE_VIDEO_CAPTURE;
}

std::vector<uint32_t> M2mDevice::formats(Side side) const {
  std::vector<uint32_t> fourccs;
  v4l2_fmtdesc description = {};
  description.type = type(side);
  for (; description.index < kFormatsMax && ask(VIDIOC_ENUM_FMT, &description) == 0; ++description.index)
    fourccs.push_back(description.pixelformat);
  return fourccs;
}

uint32_t M2mDevice::encodes_to(uint32_t codec) const {
  const std::vector<uint32_t> in = formats(Side::output);
  if (!std::any_of(in.begin(), in.end(), is_raw))
    return 0;
  const std::vector<uint32_t> out = formats(Side::capture);
  for (const uint32_t fourcc : coded_formats(codec))
    if (std::find(out.begin(), out.end(), fourcc) != out.end())
      return fourcc;
  return 0;
}

void M2mDevice::must_encode_to(uint32_t codec) const {
  if (encodes_to(codec) != 0)
    return;
  const std::vector<uint32_t> out = formats(Side::capture);
  const bool decoder = std::any_of(out.begin(), out.end(), is_raw);
  throw Error(-ENOTSUP, path() + " (" + card_ + ") does not encode to " + codec_name(codec) +
                            (decoder ? ": it is a decoder or converter" : ""));
}

} // namespace csi
