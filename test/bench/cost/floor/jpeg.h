// libturbojpeg as shim/image/jpeg_compressor.cpp calls it.
#pragma once

#include "job.h"

#include <stdexcept>
#include <vector>

#include <turbojpeg.h>

class Jpeg {
public:
  explicit Jpeg(const Job &job) :
      job_(job),
      handle_(tjInitCompress()),
      image_(tjBufSize(job.width, job.height, TJSAMP_420)) {}
  ~Jpeg() { tjDestroy(handle_); }
  Jpeg(const Jpeg &) = delete;
  Jpeg &operator=(const Jpeg &) = delete;

  Bytes encode(const Planes &picture) {
    const unsigned char *planes[] = {picture.plane[0], picture.plane[1], picture.plane[2]};
    unsigned char *image = image_.data();
    unsigned long bytes = image_.size();
    if (tjCompressFromYUVPlanes(handle_, planes, job_.width, picture.stride, job_.height, TJSAMP_420, &image, &bytes,
                                job_.quality, TJFLAG_NOREALLOC) != 0)
      throw std::runtime_error(tjGetErrorStr2(handle_));
    return {image, bytes};
  }

private:
  const Job job_;
  tjhandle handle_;
  std::vector<unsigned char> image_;
};
