#include "csi_camera.h"
#include "fuzzed-library.h"

#include <time.h>
#include <unistd.h>

#include <cstring>
#include <limits>
#include <vector>

namespace {

constexpr size_t kLivingMax = 4;

/** Cameras that were closed and are not destroyed may be many; one is open. */
class FuzzedCamera final : public FuzzedLibrary {
public:
  using FuzzedLibrary::FuzzedLibrary;

  void call_any() override {
    const auto camera = static_cast<CsiCamera *>(handles.any(this, random));
    const auto number = static_cast<uint32_t>(random.one_in(2) ? random.number() : random.below(20));
    switch (random.below(12)) {
    case 0:
      // libcamera takes its time to start.
      return random.one_in(40) ? open() : open_wrong();
    case 1:
      return list(number);
    case 2:
      return take(camera);
    case 3:
      return stream(camera);
    case 4: {
      CsiCameraBuffer out;
      CsiCameraBuffer *const to = random.one_in(8) ? nullptr : &out;
      return check_result(csi_camera_buffer(camera, number, to), camera, to, {-EAGAIN, -EINVAL});
    }
    case 5:
      return check_result(csi_camera_release(camera, number), camera, true, {-EINVAL});
    case 6:
      CHECK(csi_camera_overflow_count(camera) == 0);
      return;
    case 7: {
      const char *error = csi_camera_error(camera);
      CHECK(handles.lives(this, camera) ? std::strlen(error) < 4096 : *error == '\0');
      return;
    }
    case 8:
      return check_result(csi_camera_close(camera), camera, true, {});
    case 9:
      return destroy(camera);
    case 10:
      CHECK(std::strlen(csi_camera_build_version()) > 0 && std::strlen(csi_camera_runtime_version()) > 0);
      CHECK(csi_camera_check_version() == 0);
      return;
    default:
      CHECK((csi_camera_struct_size(number) > 0) == (number <= 5));
    }
  }

  void finish() override {
    while (!living_.empty()) {
      CsiCamera *const camera = living_.back();
      CHECK(csi_camera_close(camera) == 0);
      for (int tries = 0; handles.lives(this, camera); ++tries) {
        CHECK(tries < 20'000);
        wait_a_millisecond();
        destroy(camera);
      }
      CHECK(csi_camera_destroy(camera) == -EBADF);
    }
  }

private:
  void open() {
    CsiCameraConfig config = {};
    config.camera_index = static_cast<uint32_t>(random.one_in(2) ? random.number() : 0);
    if (random.one_in(4))
      std::strcpy(config.camera_id, "/base/soc/i2c0mux/i2c@1/imx296@1a");
    config.width = config.height = random.one_in(2) ? 640 : 0;
    config.buffer_count = static_cast<uint32_t>(random.below(CSI_BUFFERS_MAX + 1));
    config.frame_duration_us = static_cast<int64_t>(random.below(100'000));
    CsiCamera *camera = nullptr;
    int wake_fd = -1;
    const int result = csi_camera_open(&config, &camera, &wake_fd);
    if (result != 0) {
      CHECK(result == -EBUSY && !camera && wake_fd == -1);
      return;
    }
    close(wake_fd);
    handles.born(this, camera);
    living_.push_back(camera);
    if (living_.size() > kLivingMax)
      destroy(living_.front());
  }

  /** Something is missing or out of range. */
  void open_wrong() {
    CsiCameraConfig config = {};
    CsiCamera *camera = nullptr;
    int wake_fd = -1;
    const uint64_t missing = random.below(7);
    if (missing == 3)
      std::memset(config.camera_id, 'x', sizeof config.camera_id);
    if (missing == 4)
      config.width = 1 + static_cast<uint32_t>(random.below(1 << 20));
    if (missing == 5)
      config.buffer_count = CSI_BUFFERS_MAX + 1 + static_cast<uint32_t>(random.below(1 << 20));
    if (missing == 6)
      config.frame_duration_us = -1 - static_cast<int64_t>(random.below(1ull << 62));
    const int result = csi_camera_open(missing == 0 ? nullptr : &config, missing == 1 ? nullptr : &camera,
                                       missing == 2 ? nullptr : &wake_fd);
    CHECK(result == -EINVAL && !camera && wake_fd == -1);
  }

  void list(uint32_t capacity) {
    if (capacity > 0 && random.one_in(2)) {
      CHECK(csi_camera_list(nullptr, capacity) == -EINVAL);
      return;
    }
    if (!random.one_in(40))
      return;
    CsiCameraInfo infos[4];
    const int count = csi_camera_list(infos, std::min<uint32_t>(capacity, 4));
    CHECK(count >= 0 || count == -EBUSY);
  }

  void take(CsiCamera *camera) {
    CsiCameraEvent event = {};
    CsiCameraEvent *const out = random.one_in(8) ? nullptr : &event;
    const int result = csi_camera_take(camera, out);
    check_result(result, camera, out, {-EAGAIN});
    CHECK((event.kind != 0) == (result == 0));
  }

  void stream(CsiCamera *camera) {
    CsiCameraStream stream;
    CsiCameraStream *const out = random.one_in(8) ? nullptr : &stream;
    check_result(csi_camera_stream(camera, out), camera, out, {-EAGAIN});
  }

  void destroy(CsiCamera *camera) {
    const int result = csi_camera_destroy(camera);
    if (!camera)
      CHECK(result == 0);
    else
      check_result(result, camera, true, {-EBUSY});
    if (result != 0 || !camera)
      return;
    handles.died(camera);
    living_.erase(std::find(living_.begin(), living_.end(), camera));
  }

  static void wait_a_millisecond() {
    const timespec pause = {0, 1'000'000};
    nanosleep(&pause, nullptr);
  }

  ABI(csi_camera_struct_size);
  ABI(csi_camera_build_version);
  ABI(csi_camera_runtime_version);
  ABI(csi_camera_check_version);
  ABI(csi_camera_list);
  ABI(csi_camera_open);
  ABI(csi_camera_take);
  ABI(csi_camera_stream);
  ABI(csi_camera_buffer);
  ABI(csi_camera_release);
  ABI(csi_camera_overflow_count);
  ABI(csi_camera_error);
  ABI(csi_camera_close);
  ABI(csi_camera_destroy);

  std::vector<CsiCamera *> living_;
};

} // namespace

std::unique_ptr<FuzzedLibrary> fuzzed_camera(const LoadedLibrary &library, Handles &handles, Random &random) {
  return std::make_unique<FuzzedCamera>(library, handles, random);
}
