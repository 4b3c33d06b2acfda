// JFIF knows one colour encoding: full-range YCbCr by BT.601 (ITU-T T.871). Whatever else a camera gives is converted.
#pragma once

#include "picture_buffer.h"

#include <vector>

namespace csi {

/** What an image made from `input` has: its primaries and transfer, which JFIF cannot say, with JFIF's own matrix
 *  and range. */
CsiColour jpeg_colour(const CsiColour &input);

/** True when YUV pixels of this layout are as JFIF wants them. */
bool is_jpeg_colour(const CsiLayout &layout);

/** Converts YUV420 pictures of one size. From one YCbCr to another without RGB between them: with the offsets taken
 *  off, the new luma is the old one plus a part of the chroma, and the new chroma follows from the old chroma alone.
 *  (libyuv's way through ARGB takes 8-bit coefficients of at most 2.0 on x86; BT.709's blue wants 2.11.) */
class JpegColourConverter {
public:
  /** `source` says what the numbers mean now; its size counts where it leaves the matrix unspecified. */
  JpegColourConverter(const CsiLayout &source, int width, int height);

  /** The converted picture, good until the next call. */
  Picture convert(const Picture &yuv420);

private:
  struct Coefficients { // fixed point; from = offset-free old value, to = offset-free new value
    int luma_offset;
    int16_t luma_from_luma, luma_from_u, luma_from_v;
    int16_t u_from_u, u_from_v;
    int16_t v_from_u, v_from_v;
  };

  static Coefficients coefficients(const CsiLayout &source);
  void convert_chroma_row(const Picture &in, int chroma_row);
  void convert_luma_row(const Picture &in, int row);

  const Coefficients c_;
  const int chroma_width_;
  PictureBuffer converted_;
  std::vector<int16_t> luma_change_; // what a row's chroma adds to its luma, one for each pixel, 4 bits of fraction
};

} // namespace csi
