// Which of libcamera's cameras are ours, and in which order.
#pragma once

#include "csi_camera.h"

#include <memory>
#include <string>
#include <vector>

#include <libcamera/libcamera.h>

namespace csi {

/** The cameras that are not USB, sorted by id: an id is stable across reboots, libcamera's own order is not. */
std::vector<std::shared_ptr<libcamera::Camera>> find_cameras(const libcamera::CameraManager &manager);

/** The one that the config asks for. Throws Error (-ENODEV) with a sentence that names those there are. */
std::shared_ptr<libcamera::Camera> find_camera(const libcamera::CameraManager &manager, const CsiCameraConfig &config);

/** The sensor's name, e.g. "imx296"; empty when libcamera does not know it. */
std::string model_of(const libcamera::Camera &camera);

/** All pixels of the sensor; 0x0 when libcamera does not know. */
libcamera::Size native_size_of(const libcamera::Camera &camera);

} // namespace csi
