#include "find_cameras.h"

#include "error.h"

#include <algorithm>

namespace csi {
namespace {

bool is_usb(const libcamera::Camera &camera) {
  return camera.id().find("/usb") != std::string::npos;
}

std::string list_of(const std::vector<std::shared_ptr<libcamera::Camera>> &cameras) {
  if (cameras.empty())
    return "libcamera finds none";
  std::string list = "libcamera finds";
  for (const auto &camera : cameras)
    list += (camera == cameras.front() ? " " : ", ") + camera->id();
  return list;
}

} // namespace

std::vector<std::shared_ptr<libcamera::Camera>> find_cameras(const libcamera::CameraManager &manager) {
  auto cameras = manager.cameras();
  cameras.erase(std::remove_if(cameras.begin(), cameras.end(), [](const auto &camera) { return is_usb(*camera); }),
                cameras.end());
  std::sort(cameras.begin(), cameras.end(), [](const auto &a, const auto &b) { return a->id() < b->id(); });
  return cameras;
}

std::shared_ptr<libcamera::Camera> find_camera(const libcamera::CameraManager &manager, const CsiCameraConfig &config) {
  const auto cameras = find_cameras(manager);
  const std::string id = config.camera_id;
  if (id.empty()) {
    if (config.camera_index >= cameras.size())
      throw Error(-ENODEV, "there is no CSI camera " + std::to_string(config.camera_index) + ": " + list_of(cameras));
    return cameras[config.camera_index];
  }
  for (const auto &camera : cameras)
    if (camera->id() == id)
      return camera;
  throw Error(-ENODEV, "there is no CSI camera " + id + ": " + list_of(cameras));
}

std::string model_of(const libcamera::Camera &camera) {
  const auto model = camera.properties().get(libcamera::properties::Model);
  return model ? std::string(*model) : std::string();
}

libcamera::Size native_size_of(const libcamera::Camera &camera) {
  return camera.properties().get(libcamera::properties::PixelArraySize).value_or(libcamera::Size());
}

} // namespace csi
