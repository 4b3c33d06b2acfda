#include "negotiate.h"

#include "pixel_shape.h"
#include "v4l2_colour.h"

#include <algorithm>

namespace csi {
namespace {

// A coded picture that is larger than this spans several buffers on some drivers and is refused by others.
constexpr uint32_t kCodedBytesMin = 1 << 20;

// ITU-T H.273
constexpr uint8_t kMatrixBt470bg = 5;
constexpr uint8_t kMatrixBt601 = 6;

std::string size_text(uint32_t width, uint32_t height) {
  return std::to_string(width) + "x" + std::to_string(height);
}

bool is_converted(uint32_t from, uint32_t to) {
  return (from == CSI_PIXEL_YUV420 && to == CSI_PIXEL_NV12) || (from == CSI_PIXEL_NV12 && to == CSI_PIXEL_YUV420);
}

/** The camera's own pixels if possible, in one memory if possible; else what they can be rearranged to. */
RawFormat choose_raw_format(const M2mDevice &device, uint32_t pixel_format) {
  const std::vector<uint32_t> offered = device.formats(Side::output);
  const auto is_offered = [&](const RawFormat &format) {
    return std::find(offered.begin(), offered.end(), format.fourcc) != offered.end();
  };
  for (const RawFormat &format : raw_formats())
    if (format.pixel_format == pixel_format && is_offered(format))
      return format;
  for (const RawFormat &format : raw_formats())
    if (is_converted(pixel_format, format.pixel_format) && is_offered(format))
      return format;
  std::string taken;
  for (const uint32_t fourcc : offered)
    taken += " " + fourcc_text(fourcc);
  throw Error(-ENOTSUP,
              device.path() + " (" + device.card() + ") takes" + taken + ", none of which the camera's pixels fit");
}

/** The fields that v4l2_pix_format and v4l2_pix_format_mplane have alike. */
template <typename Pix>
void describe_picture(Pix &pix, const CsiLayout &picture, uint32_t fourcc) {
  pix.width = picture.width;
  pix.height = picture.height;
  pix.pixelformat = fourcc;
}

template <typename Pix>
void describe_pixels(Pix &pix, const CsiLayout &picture, uint32_t fourcc) {
  const V4l2Colour colour = v4l2_colour(picture.colour);
  describe_picture(pix, picture, fourcc);
  pix.field = V4L2_FIELD_NONE;
  pix.colorspace = colour.colorspace;
  pix.ycbcr_enc = colour.ycbcr_enc;
  pix.quantization = colour.quantization;
  pix.xfer_func = colour.xfer_func;
}

v4l2_format coded_format(const M2mDevice &device, const CsiLayout &picture, uint32_t fourcc) {
  const uint32_t byte_count = std::max(kCodedBytesMin, picture.width * picture.height / 2);
  v4l2_format format = {};
  format.type = device.type(Side::capture);
  if (device.multiplanar()) {
    v4l2_pix_format_mplane &pix = format.fmt.pix_mp;
    describe_picture(pix, picture, fourcc);
    pix.num_planes = 1;
    pix.plane_fmt[0].sizeimage = byte_count;
  } else {
    v4l2_pix_format &pix = format.fmt.pix;
    describe_picture(pix, picture, fourcc);
    pix.sizeimage = byte_count;
  }
  return format;
}

v4l2_format raw_format(const M2mDevice &device, const CsiLayout &picture, const RawFormat &raw) {
  const bool same_pixels = raw.pixel_format == picture.pixel_format;
  v4l2_format format = {};
  format.type = device.type(Side::output);
  if (device.multiplanar()) {
    v4l2_pix_format_mplane &pix = format.fmt.pix_mp;
    describe_pixels(pix, picture, raw.fourcc);
    pix.num_planes = static_cast<uint8_t>(raw.separate_memory ? kPixelShapes[raw.pixel_format].plane_count : 1);
    for (uint32_t i = 0; same_pixels && i < pix.num_planes; ++i)
      pix.plane_fmt[i].bytesperline = picture.stride[i];
  } else {
    v4l2_pix_format &pix = format.fmt.pix;
    describe_pixels(pix, picture, raw.fourcc);
    pix.bytesperline = same_pixels ? picture.stride[0] : 0;
  }
  return format;
}

/** What no driver is asked. It comes after the search for one: where there is none, that is what counts. */
void check_picture(const CsiEncoderConfig &config) {
  const CsiLayout &picture = config.input;
  const auto check = [](bool holds, const std::string &sentence) {
    if (!holds)
      throw Error(-ENOTSUP, sentence);
  };
  if (config.codec == CSI_CODEC_FWHT)
    return;
  check(!is_rgb(picture.pixel_format), "hardware encoders take YUV, the camera gives RGB");
  if (config.codec == CSI_CODEC_H264)
    check(picture.width % 2 == 0 && picture.height % 2 == 0,
          "H.264 in 4:2:0 needs an even width and height, got " + size_text(picture.width, picture.height));
  else
    check(picture.colour.full_range &&
              (picture.colour.matrix == kMatrixBt601 || picture.colour.matrix == kMatrixBt470bg),
          "a JPEG holds full-range BT.601, the camera gives other colours and the hardware does not convert them");
}

uint32_t fourcc_of(const M2mDevice &device, const v4l2_format &format) {
  return device.multiplanar() ? format.fmt.pix_mp.pixelformat : format.fmt.pix.pixelformat;
}

void set_format(const M2mDevice &device, v4l2_format &format, const char *what) {
  const uint32_t wanted = fourcc_of(device, format);
  device.demand(VIDIOC_S_FMT, &format, what);
  if (fourcc_of(device, format) != wanted)
    throw Error(-ENOTSUP,
                device.path() + " makes " + fourcc_text(fourcc_of(device, format)) + " of " + fourcc_text(wanted));
}

void set_frame_rate(const M2mDevice &device, const CsiEncoderConfig &config) {
  v4l2_streamparm parameters = {};
  parameters.type = device.type(Side::output);
  parameters.parm.output.timeperframe = {config.rate_denominator, config.rate_numerator};
  device.ask(VIDIOC_S_PARM, &parameters); // many drivers do without it
}

/** What is coded around the picture must not be seen. */
void set_visible_size(const M2mDevice &device, const CsiLayout &picture, const RawLayout &layout) {
  v4l2_selection selection = {};
  selection.type = V4L2_BUF_TYPE_VIDEO_OUTPUT; // also for the multi-planar API: VIDIOC_G_SELECTION
  selection.target = V4L2_SEL_TGT_CROP;
  selection.r = {0, 0, picture.width, picture.height};
  const int result = device.ask(VIDIOC_S_SELECTION, &selection);
  const bool exact = layout.width() == picture.width && layout.height() == picture.height;
  const bool cropped = result == 0 && selection.r.left == 0 && selection.r.top == 0 &&
                       selection.r.width == picture.width && selection.r.height == picture.height;
  if (!cropped && !(exact && result != 0))
    throw Error(-ENOTSUP, device.path() + " (" + device.card() + ") makes " +
                              size_text(layout.width(), layout.height()) + " of a picture of " +
                              size_text(picture.width, picture.height) + " and cannot cut that down");
}

} // namespace

RawLayout negotiate(const M2mDevice &device, const CsiEncoderConfig &config) {
  check_picture(config);
  const CsiLayout &picture = config.input;
  const RawFormat raw = choose_raw_format(device, picture.pixel_format);
  // The coded format comes first: the raw one is negotiated for it.
  v4l2_format coded = coded_format(device, picture, device.encodes_to(config.codec));
  set_format(device, coded, "set the coded format");
  v4l2_format uncoded = raw_format(device, picture, raw);
  set_format(device, uncoded, "set the raw format");

  const RawLayout layout(device, uncoded, raw);
  if (layout.width() < picture.width || layout.height() < picture.height)
    throw Error(-ENOTSUP, device.path() + " (" + device.card() + ") takes at most " +
                              size_text(layout.width(), layout.height()) + " of a picture of " +
                              size_text(picture.width, picture.height));
  set_visible_size(device, picture, layout);
  set_frame_rate(device, config);
  return layout;
}

} // namespace csi
