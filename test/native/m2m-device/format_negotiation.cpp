// The rules are bcm2835-codec's: what does not fit is changed rather than refused, a longer stride than needed is kept
// if it is aligned, CAPTURE buffers may be asked to be larger than the default.
#include "format_negotiation.h"

#include "raw_format.h"

#include <errno.h>
#include <string.h>

#include <algorithm>

namespace m2m {
namespace {

constexpr uint32_t kSideMin = 32;
constexpr uint32_t kLargePicture = 1280 * 720;
constexpr uint32_t kCodedBytesSmall = 512 << 10;
constexpr uint32_t kCodedBytesLarge = 768 << 10;
constexpr uint32_t kCodedBytesJpeg = 4 << 20;

uint32_t align(uint32_t value, uint32_t step) {
  return (value + step - 1) / step * step;
}

} // namespace

FormatNegotiation::FormatNegotiation(const Switches &switches) :
    switches_(switches),
    output_type_(switches.is_multi_planar ? V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE : V4L2_BUF_TYPE_VIDEO_OUTPUT),
    capture_type_(switches.is_multi_planar ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE : V4L2_BUF_TYPE_VIDEO_CAPTURE) {
  output_.colour_space = V4L2_COLORSPACE_REC709;
  fit(output_, true);
  fit(capture_, false);
  visible_ = {output_.width, output_.height};
}

uint32_t FormatNegotiation::coded_fourcc() const {
  return switches_.codec == Codec::h264 ? V4L2_PIX_FMT_H264 : V4L2_PIX_FMT_JPEG;
}

int FormatNegotiation::describe_format(v4l2_fmtdesc &description) const {
  const bool takes = is_output(description.type);
  if (!takes && !is_capture(description.type))
    return -EINVAL;
  const bool is_camera = switches_.kind == Kind::camera;
  // A decoder's two sides are an encoder's, exchanged.
  const bool is_coded = !is_camera && takes == (switches_.kind == Kind::decoder);
  if (is_camera && takes)
    return -EINVAL;
  if (description.index >= (is_coded ? 1 : switches_.formats.size()))
    return -EINVAL;
  const uint32_t fourcc = is_coded ? coded_fourcc() : switches_.formats[description.index];
  const char *text =
      is_coded ? (switches_.codec == Codec::h264 ? "H.264" : "JFIF JPEG") : find_raw_format(fourcc)->description;
  description.pixelformat = fourcc;
  description.flags = is_coded ? V4L2_FMT_FLAG_COMPRESSED : 0;
  strncpy(reinterpret_cast<char *>(description.description), text, sizeof description.description - 1);
  return 0;
}

int FormatNegotiation::describe_frame_sizes(v4l2_frmsizeenum &sizes) const {
  const auto &formats = switches_.formats;
  const bool is_known = sizes.pixel_format == coded_fourcc() ||
                        std::find(formats.begin(), formats.end(), sizes.pixel_format) != formats.end();
  if (!is_known || sizes.index != 0)
    return -EINVAL;
  sizes.type = V4L2_FRMSIZE_TYPE_STEPWISE;
  sizes.stepwise = {kSideMin, switches_.width_max, 2, kSideMin, switches_.height_max, 2};
  return 0;
}

int FormatNegotiation::get_format(v4l2_format &format) const {
  if (!is_output(format.type) && !is_capture(format.type))
    return -EINVAL;
  answer(is_output(format.type) ? output_ : capture_, format);
  return 0;
}

int FormatNegotiation::try_format(v4l2_format &format) const {
  if (!is_output(format.type) && !is_capture(format.type))
    return -EINVAL;
  QueueFormat fitted = QueueFormat::unpack(format);
  fit(fitted, is_output(format.type));
  answer(fitted, format);
  return 0;
}

int FormatNegotiation::set_format(v4l2_format &format) {
  if (!is_output(format.type) && !is_capture(format.type))
    return -EINVAL;
  QueueFormat fitted = QueueFormat::unpack(format);
  const uint32_t asked_height = fitted.height;
  fit(fitted, is_output(format.type));
  answer(fitted, format);
  if (is_capture(format.type)) {
    capture_ = fitted;
    return 0;
  }
  output_ = fitted;
  visible_.width = fitted.width;
  if (!is_crop_set_)
    visible_.height = std::clamp(asked_height, kSideMin, fitted.height);
  return 0;
}

void FormatNegotiation::fit(QueueFormat &format, bool is_output) const {
  format.width = std::min(format.width, switches_.width_max);
  format.height = std::min(format.height, switches_.height_max);
  if (!is_output) {
    const uint32_t least = switches_.codec == Codec::jpeg                 ? kCodedBytesJpeg
                           : format.width * format.height > kLargePicture ? kCodedBytesLarge
                                                                          : kCodedBytesSmall;
    format.fourcc = coded_fourcc();
    format.bytes_per_line = 0;
    format.size_image = std::max(format.size_image, least);
    return;
  }
  const auto &formats = switches_.formats;
  if (std::find(formats.begin(), formats.end(), format.fourcc) == formats.end())
    format.fourcc = formats.front();
  const bool is_interleaved = find_raw_format(format.fourcc)->has_interleaved_chroma;
  const uint32_t own_stride = switches_.codec == Codec::h264 && !is_interleaved ? 64 : 32;
  const uint32_t own_height = switches_.codec == Codec::jpeg ? 16 : 1;
  format.width = std::max(format.width, kSideMin);
  format.height =
      align(std::max(format.height, kSideMin), switches_.height_align ? switches_.height_align : own_height);
  format.bytes_per_line = align(std::max(format.bytes_per_line, format.width),
                                switches_.stride_align ? switches_.stride_align : own_stride);
  format.size_image = format.bytes_per_line * format.height * 3 / 2;
}

/** What the program is told, whatever the device goes on to use. */
void FormatNegotiation::spoil(QueueFormat &format) const {
  switch (switches_.sizes) {
  case Sizes::ok:
  case Sizes::planes:
    break;
  case Sizes::zero:
    format.bytes_per_line = format.size_image = 0;
    break;
  case Sizes::small_stride:
    format.bytes_per_line = format.width / 2;
    break;
  case Sizes::small_sizeimage:
    format.size_image /= 2;
    break;
  case Sizes::huge:
    format.bytes_per_line = format.size_image = 0xffffff00;
    break;
  }
}

void FormatNegotiation::answer(const QueueFormat &format, v4l2_format &to) const {
  QueueFormat told = format;
  const bool is_spoilt = is_output(to.type) && switches_.sizes != Sizes::ok;
  if (is_spoilt)
    spoil(told);
  told.pack(to);
  if (is_spoilt && switches_.sizes == Sizes::planes && switches_.is_multi_planar)
    to.fmt.pix_mp.num_planes = 0;
}

int FormatNegotiation::get_selection(v4l2_selection &selection) const {
  // The V4L2 core takes both names of a type here.
  if (selection.type != V4L2_BUF_TYPE_VIDEO_OUTPUT && !is_output(selection.type))
    return -EINVAL;
  switch (selection.target) {
  case V4L2_SEL_TGT_CROP:
    selection.r = {0, 0, visible_.width, visible_.height};
    return 0;
  case V4L2_SEL_TGT_CROP_DEFAULT:
  case V4L2_SEL_TGT_CROP_BOUNDS:
    selection.r = {0, 0, output_.bytes_per_line, output_.height};
    return 0;
  default:
    return -EINVAL;
  }
}

int FormatNegotiation::set_selection(v4l2_selection &selection) {
  if (selection.type != V4L2_BUF_TYPE_VIDEO_OUTPUT && !is_output(selection.type))
    return -EINVAL;
  if (selection.target != V4L2_SEL_TGT_CROP)
    return -EINVAL;
  visible_ = {std::min(selection.r.width, visible_.width), std::min(selection.r.height, output_.height)};
  is_crop_set_ = true;
  selection.r = {0, 0, visible_.width, visible_.height};
  return 0;
}

int FormatNegotiation::get_parameters(v4l2_streamparm &parameters) const {
  if (!is_output(parameters.type))
    return -EINVAL;
  parameters.parm.output.capability = V4L2_CAP_TIMEPERFRAME;
  parameters.parm.output.timeperframe = frame_interval_;
  return 0;
}

int FormatNegotiation::set_parameters(v4l2_streamparm &parameters) {
  const v4l2_fract &asked = parameters.parm.output.timeperframe;
  if (!is_output(parameters.type) || asked.numerator == 0 || asked.denominator == 0)
    return -EINVAL;
  frame_interval_ = asked;
  parameters.parm.output.capability = V4L2_CAP_TIMEPERFRAME;
  return 0;
}

} // namespace m2m
