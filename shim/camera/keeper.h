// The thread of an open camera: it opens it, gives it its buffers back, and closes it. Everything that changes the
// camera's state happens here; libcamera then needs no lock between queueing and stopping.
#pragma once

#include "camera_port.h"
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
  void refill(Session &session);
  void queue(Session &session, uint32_t buffer);
  int milliseconds_to_wait() const;

  const CsiCameraConfig &config_;
  CameraPort &port_;
  std::vector<uint32_t> cancelled_; // buffers that wait for retry_at_
  Clock::time_point retry_at_;
};

} // namespace csi
