// The other side of a camera's port: a thread that takes the frames as the module does, and one that gives buffers back
// to the camera as its keeper does.
#pragma once

#include "pretended_camera.h"

#include <thread>

class FrameTaker {
public:
  /** Both must outlive it. Throws. */
  FrameTaker(csi::CameraPort &port, PretendedCamera &camera);

  /** To be called once no more frames come: waits until all were taken. */
  void finish();

  /** Events, of frames good and bad. */
  uint32_t taken_count() const noexcept { return taken_count_; }
  /** Those that are not what the camera sent. */
  uint32_t wrong_count() const noexcept { return wrong_count_; }

private:
  void take_all();
  void keep();
  void note(const CsiCameraEvent &event);

  csi::CameraPort &port_;
  PretendedCamera &camera_;
  const csi::Fd wake_;
  const csi::Fd epoll_;
  uint32_t taken_count_ = 0;
  uint32_t next_sequence_ = 0;
  uint32_t wrong_count_ = 0;
  int64_t last_monotonic_ns_ = 0;
  std::thread keeper_;
  std::thread taker_;
};
