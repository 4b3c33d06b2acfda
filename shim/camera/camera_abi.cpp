// csi_camera.h: behind the handle are a port and the keeper's thread.
#include "camera_port.h"
#include "csi_camera.h"
#include "error.h"
#include "find_cameras.h"
#include "handle_table.h"
#include "keeper.h"
#include "libcamera_version.h"
#include "manager_slot.h"
#include "start_manager.h"
#include "thread.h"

#include <cstddef>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>

static_assert(sizeof(CsiLayout) == 32 && offsetof(CsiLayout, stride) == 16 && offsetof(CsiLayout, colour) == 28);
static_assert(sizeof(CsiCameraConfig) == 288 && offsetof(CsiCameraConfig, camera_index) == 256 &&
              offsetof(CsiCameraConfig, frame_duration_us) == 272 && offsetof(CsiCameraConfig, colour) == 280);
static_assert(sizeof(CsiCameraStream) == 560 && offsetof(CsiCameraStream, buffer_count) == 32 &&
              offsetof(CsiCameraStream, frame_duration_us) == 40 && offsetof(CsiCameraStream, camera_id) == 48 &&
              offsetof(CsiCameraStream, model) == 304);
static_assert(sizeof(CsiCameraBuffer) == 72 && offsetof(CsiCameraBuffer, plane_bytes) == 24 &&
              offsetof(CsiCameraBuffer, dmabuf_fd) == 48 && offsetof(CsiCameraBuffer, dmabuf_offset) == 60);
static_assert(sizeof(CsiCameraEvent) == 48 && offsetof(CsiCameraEvent, buffer) == 8 &&
              offsetof(CsiCameraEvent, sensor_timestamp_ns) == 16 && offsetof(CsiCameraEvent, frame_duration_ns) == 40);
static_assert(sizeof(CsiCameraInfo) == 520 && offsetof(CsiCameraInfo, model) == 256 &&
              offsetof(CsiCameraInfo, native_width) == 512);

struct CsiCamera {
  explicit CsiCamera(const CsiCameraConfig &config) : config_(config) {
    slot_.emplace();
    thread_ = csi::start_thread("csi-camera", [this] {
      csi::Keeper(config_, port).run();
      slot_.reset(); // another camera may be opened as soon as CSI_CAMERA_CLOSED is seen
      port.closed();
    });
  }
  ~CsiCamera() {
    port.close(); // for one that never got its handle: nobody else could
    thread_.join();
  }

  csi::CameraPort port;

private:
  const CsiCameraConfig config_;
  std::optional<csi::ManagerSlot> slot_;
  std::thread thread_;
};

namespace {

bool is_sound(const CsiCameraConfig &config) {
  return memchr(config.camera_id, '\0', sizeof config.camera_id) && (config.width == 0) == (config.height == 0) &&
         config.buffer_count <= CSI_BUFFERS_MAX && config.frame_duration_us >= 0;
}

CsiCameraInfo info_of(const libcamera::Camera &camera) {
  CsiCameraInfo info = {};
  std::snprintf(info.id, sizeof info.id, "%s", camera.id().c_str());
  std::snprintf(info.model, sizeof info.model, "%s", csi::model_of(camera).c_str());
  const libcamera::Size native = csi::native_size_of(camera);
  info.native_width = native.width;
  info.native_height = native.height;
  return info;
}

/** Never destroyed: a program that ends with a camera open does not wait for it. */
csi::HandleTable<CsiCamera> &cameras() {
  static const char own = 0;
  static auto &table = *new csi::HandleTable<CsiCamera>(&own);
  return table;
}

template <typename Call>
int with_camera(const CsiCamera *handle, Call &&call) noexcept {
  if (!handle)
    return -EINVAL;
  return csi::guarded([&] {
    const auto camera = cameras().find(handle);
    return camera ? call(*camera) : -EBADF;
  });
}

} // namespace

uint32_t csi_camera_struct_size(uint32_t which) {
  constexpr uint32_t sizes[] = {sizeof(CsiCameraConfig), sizeof(CsiCameraStream), sizeof(CsiCameraBuffer),
                                sizeof(CsiCameraEvent),  sizeof(CsiCameraInfo),   sizeof(CsiLayout)};
  return which < std::size(sizes) ? sizes[which] : 0;
}

const char *csi_camera_build_version(void) {
  return csi::build_version();
}

const char *csi_camera_runtime_version(void) {
  return csi::runtime_version();
}

int csi_camera_check_version(void) {
  return csi::versions_agree() ? 0 : -ELIBBAD;
}

int csi_camera_list(CsiCameraInfo *out, uint32_t capacity) {
  if (!out && capacity > 0)
    return -EINVAL;
  if (const int result = csi_camera_check_version(); result < 0)
    return result;
  return csi::guarded([&] {
    const csi::ManagerSlot slot;
    libcamera::CameraManager manager;
    if (const int result = csi::start_manager(manager); result < 0)
      return result;
    const auto cameras = csi::find_cameras(manager);
    for (uint32_t i = 0; i < cameras.size() && i < capacity; ++i)
      out[i] = info_of(*cameras[i]);
    return static_cast<int>(cameras.size());
  });
}

int csi_camera_open(const CsiCameraConfig *config, CsiCamera **out, int *wake_fd) {
  if (!config || !out || !wake_fd || !is_sound(*config))
    return -EINVAL;
  if (const int result = csi_camera_check_version(); result < 0)
    return result;
  return csi::guarded([&] {
    const auto camera = std::make_shared<CsiCamera>(*config);
    *out = cameras().insert(camera);
    *wake_fd = camera->port.take_wake_fd();
    return 0;
  });
}

int csi_camera_take(CsiCamera *camera, CsiCameraEvent *out) {
  return out ? with_camera(camera, [&](CsiCamera &live) { return live.port.take(out); }) : -EINVAL;
}

int csi_camera_stream(CsiCamera *camera, CsiCameraStream *out) {
  return out ? with_camera(camera, [&](CsiCamera &live) { return live.port.stream(out); }) : -EINVAL;
}

int csi_camera_buffer(CsiCamera *camera, uint32_t index, CsiCameraBuffer *out) {
  return out ? with_camera(camera, [&](CsiCamera &live) { return live.port.buffer(index, out); }) : -EINVAL;
}

int csi_camera_release(CsiCamera *camera, uint32_t index) {
  return with_camera(camera, [&](CsiCamera &live) { return live.port.release(index); });
}

uint64_t csi_camera_overflow_count(CsiCamera *camera) {
  uint64_t count = 0;
  with_camera(camera, [&](CsiCamera &live) {
    count = live.port.overflow_count();
    return 0;
  });
  return count;
}

const char *csi_camera_error(CsiCamera *camera) {
  const char *error = "";
  with_camera(camera, [&](CsiCamera &live) {
    error = live.port.error();
    return 0;
  });
  return error;
}

int csi_camera_close(CsiCamera *camera) {
  return with_camera(camera, [](CsiCamera &live) {
    live.port.close();
    return 0;
  });
}

int csi_camera_destroy(CsiCamera *camera) {
  if (!camera)
    return 0;
  return with_camera(camera, [&](CsiCamera &live) {
    if (!live.port.is_closed())
      return -EBUSY;
    cameras().take(camera);
    return 0;
  });
}
