// The counter between a camera's caller and its keeper, the thread that holds libcamera: frames and milestones go out,
// released buffers and the wish to close go in, without a lock and without anyone waiting.
#pragma once

#include "completion_sink.h"
#include "frame_memory.h"

#include <string>
#include <vector>

namespace csi {

class CameraPort {
public:
  // The caller's side: what csi_camera.h says of the functions with these names.

  int take(CsiCameraEvent *out);
  int stream(CsiCameraStream *out) const;
  int buffer(uint32_t index, CsiCameraBuffer *out) const;
  int release(uint32_t index);
  uint64_t overflow_count() const noexcept { return sink_.overflow_count(); }
  const char *error() const noexcept { return failed_ ? error_.c_str() : ""; }
  void close() noexcept;
  bool is_closed() const noexcept { return closed_; }
  int take_wake_fd() noexcept { return reader_.take_reader(); }

  // The keeper's side.

  CompletionSink &sink() noexcept { return sink_; }
  Doorbell &bell() noexcept { return bell_; }
  const std::atomic<bool> &closing() const noexcept { return closing_; }
  bool next_released(uint32_t *index) noexcept { return released_.pop(index); }

  /** CSI_CAMERA_OPENED. The memory stays until the port goes, whatever becomes of the camera. */
  void opened(const CsiCameraStream &stream, std::vector<FrameMemory> memory);

  /** CSI_CAMERA_FAILED, or CSI_CAMERA_LOST when it was open already. Once. */
  void failed(int result, const std::string &sentence);

  /** CSI_CAMERA_CLOSED. */
  void closed();

private:
  bool is_out(uint32_t index) const;
  void announce(uint32_t kind, int result = 0);

  WakeSocket reader_;
  Doorbell bell_;
  CompletionSink sink_{reader_, bell_};

  // From the keeper, each written before the flag that announces it.
  CsiCameraStream stream_ = {};
  std::vector<FrameMemory> memory_;
  std::atomic<bool> opened_{false};
  std::string error_;
  std::atomic<bool> failed_{false};
  std::atomic<bool> closed_{false};
  SpscRing<CsiCameraEvent, 4> milestones_; // opened, failed or lost, closed: never full

  // From the caller.
  std::atomic<bool> closing_{false};
  SpscRing<uint32_t, CSI_BUFFERS_MAX> released_; // never full: a buffer is in it once at most

  bool out_[CSI_BUFFERS_MAX] = {}; // taken and not released; the caller's alone
};

} // namespace csi
