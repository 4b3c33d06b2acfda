// Any of the shim's pixel layouts as YUV420, by libyuv's vector code.
#pragma once

#include "picture_buffer.h"

namespace csi {

/** What an RGB picture becomes; both are BT.601, the one matrix that libyuv converts RGB with at full speed. */
enum class RgbBecomes { limited_range, full_range };

/** The picture itself when it is YUV420 already, else a conversion in `scratch`, which has the picture's size. YUV
 *  input keeps its numbers: only the layout changes. */
Picture to_yuv420(const Picture &picture, uint32_t pixel_format, RgbBecomes rgb, PictureBuffer &scratch);

} // namespace csi
