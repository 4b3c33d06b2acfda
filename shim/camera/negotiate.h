// Agreeing with a camera on one video stream.
#pragma once

#include "csi_camera.h"

#include <memory>

#include <libcamera/libcamera.h>

namespace csi {

struct Agreement {
  std::unique_ptr<libcamera::CameraConfiguration> configuration; // validated, for Camera::configure()
  CsiLayout layout;
};

/** Asks for YUV420 in the size, buffer count and colour of `config`, and takes what the camera makes of it if it is
 *  one of our pixel formats; else asks for each of them. Throws Error: -ENOTSUP with a sentence that names what the
 *  camera offers. */
Agreement negotiate(libcamera::Camera &camera, const CsiCameraConfig &config);

} // namespace csi
