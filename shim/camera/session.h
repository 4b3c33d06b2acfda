// libcamera's objects for one open camera, made in order and unmade in reverse. One thread uses it, the keeper of the
// camera: libcamera stops a camera safely only when nobody queues requests to it at the same time.
#pragma once

#include "completion_sink.h"
#include "frame_memory.h"

#include <atomic>
#include <memory>
#include <vector>

#include <libcamera/libcamera.h>

namespace csi {

class Session {
public:
  /** `sink` is told of completed requests until the session is gone. */
  explicit Session(CompletionSink &sink) : sink_(sink) {}

  /** Stops the camera and gives everything back. Takes as long as the camera does. */
  ~Session();

  /** Opens, configures and starts the camera; each step may take seconds, and `cancelled` is looked at between them.
   *  False: it was. Throws Error with the errno that CSI_CAMERA_FAILED promises. */
  bool open(const CsiCameraConfig &config, const std::atomic<bool> &cancelled);

  /** What the camera agreed to, and its buffers' memory; after open(). */
  const CsiCameraStream &stream() const noexcept { return stream_; }
  std::vector<FrameMemory> take_memory() noexcept { return std::move(memory_); }

  /** Gives a buffer to the camera, to be filled. 0 or -errno. */
  int queue(uint32_t buffer);

  /** To be called instead of stopping when the hardware went away while it had requests. libcamera aborts the process
   *  then, whether its camera is stopped (the requests never come back) or destroyed (its IPA's thread runs), so the
   *  camera stays behind, without its memory and without a thread that would run. */
  void abandon();

private:
  void start_manager(const CsiCameraConfig &);
  void acquire(const CsiCameraConfig &config);
  void configure(const CsiCameraConfig &config);
  void allocate(const CsiCameraConfig &);
  void start(const CsiCameraConfig &config);
  void detach_sink();
  void set_frame_duration(libcamera::ControlList &controls) const;

  CompletionSink &sink_;
  CsiCameraStream stream_ = {};
  // The manager belongs to the session: libcamera 0.0.3 aborts when hardware comes back under a live one.
  std::unique_ptr<libcamera::CameraManager> manager_;
  std::shared_ptr<libcamera::Camera> camera_;
  std::unique_ptr<libcamera::CameraConfiguration> configuration_;
  std::unique_ptr<libcamera::FrameBufferAllocator> allocator_;
  std::vector<std::unique_ptr<libcamera::Request>> requests_; // a request's cookie is its index, its buffer's as well
  std::vector<FrameMemory> memory_;
};

} // namespace csi
