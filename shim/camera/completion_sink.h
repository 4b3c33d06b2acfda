// What libcamera's own thread may touch: it reads three clocks, leaves one record and wakes the reader. It never waits,
// allocates or logs, and it calls nothing of libcamera that changes the camera's state.
#pragma once

#include "csi_camera.h"
#include "doorbell.h"
#include "spsc_ring.h"
#include "wake_socket.h"

#include <libcamera/libcamera.h>

namespace csi {

class CompletionSink {
public:
  /** A request that did not become a frame and wants to go back to the camera. */
  struct Refused {
    uint32_t buffer;
    bool cancelled; // by libcamera: the pipeline has stopped, or cannot take requests now
  };

  /** `reader` wakes the caller, `keeper` the thread that queues requests. */
  CompletionSink(WakeSocket &reader, Doorbell &keeper) : reader_(reader), keeper_(keeper) {}

  // On libcamera's thread.
  void request_completed(libcamera::Request *request);
  void disconnected();

  // On any thread.
  /** From now on nothing is recorded: requests that a stopping camera cancels are not events. */
  void ignore() noexcept { ignoring_ = true; }
  bool lost() const noexcept { return lost_; }
  uint64_t overflow_count() const noexcept { return overflow_count_; }
  /** Requests that the camera gave back, good or bad. */
  uint64_t completed_count() const noexcept { return completed_count_; }

  /** CSI_CAMERA_FRAME and CSI_CAMERA_BAD_FRAME, for the caller. When full, the frame is refused and counted. */
  SpscRing<CsiCameraEvent, 8> events;

  /** For the keeper. Never full: a request is in it once at most. */
  SpscRing<Refused, CSI_BUFFERS_MAX> refused;

private:
  void refuse(const Refused &request);

  WakeSocket &reader_;
  Doorbell &keeper_;
  std::atomic<bool> ignoring_{false};
  std::atomic<bool> lost_{false};
  std::atomic<uint64_t> overflow_count_{0};
  std::atomic<uint64_t> completed_count_{0};
};

} // namespace csi
