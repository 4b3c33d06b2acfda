// How many bytes the planes of each pixel format take.
#pragma once

#include "csi_frame.h"

#include <array>

namespace csi {

// Far above any sensor; they keep all sizes inside 32 bits.
constexpr uint32_t kSideMax = 16384;
constexpr uint32_t kStrideMax = 1u << 20;

struct PlaneShape {
  uint32_t group_pixels; // pixels of a row that are stored together,
  uint32_t group_bytes;  // and in how many bytes
  uint32_t rows_divisor; // rows of pixels to one row of the plane

  constexpr uint32_t row_bytes(uint32_t width) const { return (width + group_pixels - 1) / group_pixels * group_bytes; }
  constexpr uint32_t rows(uint32_t height) const { return (height + rows_divisor - 1) / rows_divisor; }
};

struct PixelShape {
  uint32_t plane_count;
  std::array<PlaneShape, CSI_PLANES_MAX> planes;
};

/** Indexed by enum CsiPixelFormat. */
constexpr std::array<PixelShape, 5> kPixelShapes = {{
    {3, {{{1, 1, 1}, {2, 1, 2}, {2, 1, 2}}}}, // YUV420
    {2, {{{1, 1, 1}, {2, 2, 2}}}},            // NV12
    {1, {{{1, 3, 1}}}},                       // RGB888
    {1, {{{1, 3, 1}}}},                       // BGR888
    {1, {{{2, 4, 1}}}},                       // YUYV
}};

constexpr bool is_rgb(uint32_t pixel_format) {
  return pixel_format == CSI_PIXEL_RGB888 || pixel_format == CSI_PIXEL_BGR888;
}

} // namespace csi
