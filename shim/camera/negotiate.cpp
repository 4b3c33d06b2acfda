#include "negotiate.h"

#include "colour.h"
#include "error.h"
#include "find_cameras.h"
#include "pixel_shape.h"

#include <algorithm>
#include <array>

namespace csi {
namespace {

using libcamera::CameraConfiguration;
using libcamera::StreamConfiguration;

/** Indexed by enum CsiPixelFormat. */
const std::array<libcamera::PixelFormat, kPixelShapes.size()> kFormats = {
    libcamera::formats::YUV420, libcamera::formats::NV12, libcamera::formats::RGB888, libcamera::formats::BGR888,
    libcamera::formats::YUYV};

/** In the order of what costs least to encode. */
constexpr CsiPixelFormat kPreference[] = {CSI_PIXEL_YUV420, CSI_PIXEL_NV12, CSI_PIXEL_YUYV, CSI_PIXEL_RGB888,
                                          CSI_PIXEL_BGR888};

libcamera::Size largest_size(const libcamera::StreamFormats &formats) {
  libcamera::Size largest;
  for (const auto &format : formats.pixelformats())
    for (const auto &size : formats.sizes(format))
      largest = std::max(largest, size);
  return largest;
}

libcamera::Size wanted_size(const libcamera::Camera &camera, const StreamConfiguration &stream,
                            const CsiCameraConfig &config) {
  if (config.width > 0)
    return {config.width, config.height};
  for (const libcamera::Size &size : {native_size_of(camera), largest_size(stream.formats())})
    if (!size.isNull())
      return size;
  return stream.size;
}

std::string offer_of(const StreamConfiguration &stream) {
  std::string offer;
  for (const auto &format : stream.formats().pixelformats())
    offer += (offer.empty() ? "" : ", ") + format.toString();
  return offer.empty() ? "nothing" : offer;
}

CsiLayout layout_of(const StreamConfiguration &stream, uint32_t pixel_format) {
  CsiLayout layout = {};
  layout.width = stream.size.width;
  layout.height = stream.size.height;
  layout.pixel_format = pixel_format;
  layout.plane_count = kPixelShapes[pixel_format].plane_count;
  layout.stride[0] = stream.stride;
  // libcamera tells the first plane's stride; the others follow from it, as V4L2 defines these formats.
  for (uint32_t i = 1; i < layout.plane_count; ++i)
    layout.stride[i] = pixel_format == CSI_PIXEL_YUV420 ? stream.stride / 2 : stream.stride;
  layout.colour = colour_of(stream.colorSpace, pixel_format);
  return layout;
}

/** What the camera makes of `pixel_format`: one of ours, or nothing. */
const libcamera::PixelFormat *try_format(CameraConfiguration &configuration, const StreamConfiguration &wanted,
                                         CsiPixelFormat pixel_format) {
  StreamConfiguration &stream = configuration.at(0);
  stream = wanted;
  stream.pixelFormat = kFormats[pixel_format];
  if (configuration.validate() == CameraConfiguration::Invalid)
    return nullptr;
  const auto found = std::find(kFormats.begin(), kFormats.end(), stream.pixelFormat);
  return found == kFormats.end() ? nullptr : &*found;
}

} // namespace

Agreement negotiate(libcamera::Camera &camera, const CsiCameraConfig &config) {
  auto configuration = camera.generateConfiguration({libcamera::StreamRole::VideoRecording});
  if (!configuration || configuration->empty())
    throw Error(-ENOTSUP, "camera " + camera.id() + " has no stream for video");

  StreamConfiguration wanted = configuration->at(0);
  wanted.size = wanted_size(camera, wanted, config);
  if (config.buffer_count > 0)
    wanted.bufferCount = config.buffer_count;
  if (config.colour.primaries != 0)
    wanted.colorSpace = colour_space_of(config.colour, wanted.colorSpace.value_or(libcamera::ColorSpace::Rec709));

  for (const CsiPixelFormat pixel_format : kPreference) {
    const auto *found = try_format(*configuration, wanted, pixel_format);
    if (!found)
      continue;
    const auto layout = layout_of(configuration->at(0), static_cast<uint32_t>(found - kFormats.data()));
    return {std::move(configuration), layout};
  }
  throw Error(-ENOTSUP, "camera " + camera.id() + " gives none of YUV420, NV12, YUYV, RGB888 and BGR888 at " +
                            wanted.size.toString() + "; it offers " + offer_of(wanted));
}

} // namespace csi
