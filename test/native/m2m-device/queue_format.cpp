#include "queue_format.h"

namespace m2m {

QueueFormat QueueFormat::unpack(const v4l2_format &format) {
  if (V4L2_TYPE_IS_MULTIPLANAR(format.type)) {
    const v4l2_pix_format_mplane &from = format.fmt.pix_mp;
    const v4l2_plane_pix_format &plane = from.plane_fmt[0];
    return {from.pixelformat, from.width,     from.height,    plane.bytesperline, plane.sizeimage,
            from.colorspace,  from.xfer_func, from.ycbcr_enc, from.quantization};
  }
  const v4l2_pix_format &from = format.fmt.pix;
  return {from.pixelformat, from.width,     from.height,    from.bytesperline, from.sizeimage,
          from.colorspace,  from.xfer_func, from.ycbcr_enc, from.quantization};
}

void QueueFormat::pack(v4l2_format &to) const {
  if (V4L2_TYPE_IS_MULTIPLANAR(to.type)) {
    v4l2_pix_format_mplane &pix = to.fmt.pix_mp = {};
    pix.width = width;
    pix.height = height;
    pix.pixelformat = fourcc;
    pix.field = V4L2_FIELD_NONE;
    pix.colorspace = colour_space;
    pix.xfer_func = static_cast<uint8_t>(transfer);
    pix.ycbcr_enc = static_cast<uint8_t>(matrix);
    pix.quantization = static_cast<uint8_t>(quantization);
    pix.num_planes = 1;
    pix.plane_fmt[0].bytesperline = bytes_per_line;
    pix.plane_fmt[0].sizeimage = size_image;
    return;
  }
  v4l2_pix_format &pix = to.fmt.pix = {};
  pix.width = width;
  pix.height = height;
  pix.pixelformat = fourcc;
  pix.field = V4L2_FIELD_NONE;
  pix.bytesperline = bytes_per_line;
  pix.sizeimage = size_image;
  pix.colorspace = colour_space;
  pix.priv = V4L2_PIX_FMT_PRIV_MAGIC;
  pix.xfer_func = transfer;
  pix.ycbcr_enc = matrix;
  pix.quantization = quantization;
}

} // namespace m2m
