// The thread of an open camera: it opens it, gives it its buffers back, and closes it. Everything that changes the
// camera's state happens here; libcamera then needs no lock between queueing and stopping.
#pragma once

#include "camera_port.h"
#include "device_watch.h"
#include "session.h"

#include <chrono>
#include <vector>

namespace csi {

class Keeper {
public:
  Keeper(const CsiCameraConfig &config, CameraPort &port) : config_(config), port_(port) {}

  /** Returns when the caller has closed the port and the camera is given back. */
  void run() noexcept;

private:
  using Clock = std::chrono::steady_clock;

  void capture();
  void serve(Session &session);
  void check_for_loss();
  bool is_unplugged();
  void refill(Session &session);
  void lose(int result, const std::string &what_happened);
  void retry_cancelled(Session &session);
  void queue(Session &session, uint32_t buffer);
  int milliseconds_to_wait() const;

  const CsiCameraConfig &config_;
  CameraPort &port_;
  DeviceWatch devices_;
  bool lost_ = false;
  bool unplugged_ = false;
  uint64_t queued_count_ = 0;
  uint64_t refused_count_ = 0;
  uint64_t completed_count_ = 0;    // when last looked at,
  Clock::time_point progress_at_;   // and when it had grown
  std::vector<uint32_t> cancelled_; // buffers that wait for retry_at_
  Clock::time_point retry_at_;
  int retries_in_vain_ = 0;
  uint64_t good_count_at_retry_ = 0;
};

} // namespace csi
