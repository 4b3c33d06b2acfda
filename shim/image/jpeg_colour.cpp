#include "jpeg_colour.h"

#include <algorithm>
#include <cmath>

namespace csi {
namespace {

// 16-bit arithmetic, which a vector register has most lanes of: a sample shifted up times a coefficient, of which the
// upper 16 bits are kept. What is kept has 4 bits of fraction: the sum of two is wrong by an eighth at most.
constexpr int kSampleShift = 7;      // 255 << 7 is still positive
constexpr int kCoefficientBits = 13; // coefficients are below 4
constexpr int kFractionBits = kSampleShift + kCoefficientBits - 16;
constexpr int kHalf = 1 << (kFractionBits - 1);
constexpr int kChromaZero = 128;

/** The weights of red and blue in luma, green's being the rest: Kr and Kb of ITU-T H.273, table 4. */
struct Matrix {
  double red;
  double blue;
  double green() const { return 1 - red - blue; }
};

constexpr Matrix kBt601 = {0.299, 0.114};
constexpr Matrix kBt709 = {0.2126, 0.0722};
constexpr Matrix kBt2020 = {0.2627, 0.0593};

/** By H.273's code point; the unspecified one means what players take it for: BT.709 from 1280x720 on. */
const Matrix &matrix_of(const CsiLayout &layout) {
  switch (layout.colour.matrix) {
  case 1:
    return kBt709;
  case 9:
  case 10:
    return kBt2020;
  case 2:
    return layout.width >= 1280 || layout.height >= 720 ? kBt709 : kBt601;
  default:
    return kBt601;
  }
}

int16_t fixed_point(double value) {
  return static_cast<int16_t>(std::lround(value * (1 << kCoefficientBits)));
}

int16_t shifted(int sample) {
  return static_cast<int16_t>(sample * (1 << kSampleShift));
}

/** The product with 4 bits of fraction. */
int16_t times(int16_t shifted_sample, int16_t coefficient) {
  return static_cast<int16_t>((shifted_sample * coefficient) >> 16);
}

/** Of a value with 4 bits of fraction. */
uint8_t to_byte(int16_t value) {
  return static_cast<uint8_t>(std::clamp<int16_t>(static_cast<int16_t>(value >> kFractionBits), 0, 255));
}

} // namespace

CsiColour jpeg_colour(const CsiColour &input) {
  return {input.primaries, input.transfer, 6, 1};
}

bool is_jpeg_colour(const CsiLayout &layout) {
  return layout.colour.full_range && &matrix_of(layout) == &kBt601;
}

JpegColourConverter::JpegColourConverter(const CsiLayout &source, int width, int height) :
    c_(coefficients(source)),
    chroma_width_((width + 1) / 2),
    converted_(width, height),
    luma_change_(2 * static_cast<size_t>(chroma_width_)) {}

JpegColourConverter::Coefficients JpegColourConverter::coefficients(const CsiLayout &source) {
  const Matrix &from = matrix_of(source);
  const Matrix &to = kBt601;
  // With luma Y and colour differences Pb and Pr (H.273, 8.3):
  //   R = Y + r Pr    B = Y + b Pb    G = Y - (from.red r Pr + from.blue b Pb) / from.green
  const double r = 2 * (1 - from.red);
  const double b = 2 * (1 - from.blue);
  const double y_from_b = b * (to.blue - to.green() * from.blue / from.green());
  const double y_from_r = r * (to.red - to.green() * from.red / from.green());
  const double to_b = 1 / (2 * (1 - to.blue)); // Pb' = (B - Y') to_b
  const double to_r = 1 / (2 * (1 - to.red));

  const bool full = source.colour.full_range;
  const double luma_scale = full ? 1 : 255.0 / 219;
  const double chroma_scale = full ? 1 : 255.0 / 224;
  return {full ? 0 : 16,
          fixed_point(luma_scale),
          fixed_point(chroma_scale * y_from_b),
          fixed_point(chroma_scale * y_from_r),
          fixed_point(chroma_scale * (b - y_from_b) * to_b),
          fixed_point(chroma_scale * -y_from_r * to_b),
          fixed_point(chroma_scale * -y_from_b * to_r),
          fixed_point(chroma_scale * (r - y_from_r) * to_r)};
}

Picture JpegColourConverter::convert(const Picture &in) {
  for (int row = 0; row < in.height; ++row) {
    if (row % 2 == 0)
      convert_chroma_row(in, row / 2);
    convert_luma_row(in, row);
  }
  return converted_.picture();
}

void JpegColourConverter::convert_chroma_row(const Picture &in, int row) {
  const uint8_t *const u_in = in.plane[1] + static_cast<ptrdiff_t>(row) * in.stride[1];
  const uint8_t *const v_in = in.plane[2] + static_cast<ptrdiff_t>(row) * in.stride[2];
  uint8_t *const __restrict u_out = converted_.plane(1) + static_cast<ptrdiff_t>(row) * converted_.stride(1);
  uint8_t *const __restrict v_out = converted_.plane(2) + static_cast<ptrdiff_t>(row) * converted_.stride(2);
  int16_t *const __restrict change = luma_change_.data();
  const Coefficients c = c_; // copies: a byte written could be any member's, and the loop would not be vectorised
  const int width = chroma_width_;
  constexpr int16_t zero = (kChromaZero << kFractionBits) + kHalf;
  const int16_t luma_zero = static_cast<int16_t>(kHalf - times(shifted(c.luma_offset), c.luma_from_luma));
  for (int x = 0; x < width; ++x) {
    const int16_t u = shifted(u_in[x] - kChromaZero);
    const int16_t v = shifted(v_in[x] - kChromaZero);
    u_out[x] = to_byte(static_cast<int16_t>(times(u, c.u_from_u) + times(v, c.u_from_v) + zero));
    v_out[x] = to_byte(static_cast<int16_t>(times(u, c.v_from_u) + times(v, c.v_from_v) + zero));
    change[2 * x] = change[2 * x + 1] =
        static_cast<int16_t>(times(u, c.luma_from_u) + times(v, c.luma_from_v) + luma_zero);
  }
}

void JpegColourConverter::convert_luma_row(const Picture &in, int row) {
  const uint8_t *const y_in = in.plane[0] + static_cast<ptrdiff_t>(row) * in.stride[0];
  uint8_t *const __restrict y_out = converted_.plane(0) + static_cast<ptrdiff_t>(row) * converted_.stride(0);
  const int16_t *const change = luma_change_.data();
  const int16_t scale = c_.luma_from_luma;
  const int width = in.width;
  for (int x = 0; x < width; ++x)
    y_out[x] = to_byte(static_cast<int16_t>(times(shifted(y_in[x]), scale) + change[x]));
}

} // namespace csi
