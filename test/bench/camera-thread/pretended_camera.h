// A camera without a sensor, on a thread of libcamera's: woken by a timer where a pipeline is by V4L2, it completes
// requests.
#pragma once

#include "camera_port.h"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include <libcamera/base/event_notifier.h>
#include <libcamera/base/thread.h>
#include <libcamera/libcamera.h>

/** CPU times of libcamera's thread, ns. Each has one reading of their clock in it. */
struct CpuTimes {
  std::vector<int64_t> good;  // libcamera's signal for a frame, with all that is connected to it
  std::vector<int64_t> bad;   // the same for a request that did not become a frame
  std::vector<int64_t> wake;  // the wake-up of the reader alone: of each fourth frame, which is not in `good`
  std::vector<int64_t> clock; // nothing
};

/** libcamera's objects look at their thread to the end of their lives. */
struct OwnThread {
  libcamera::Thread own_thread;
};

class PretendedCamera : private OwnThread, public libcamera::Object {
public:
  struct Sensor {
    uint32_t width;
    uint32_t height;
    uint32_t stride;
    int64_t frame_duration_ns;
    uint32_t bad_every; // each so-manieth request ends with an error in its buffer; 0: none
  };

  explicit PretendedCamera(const Sensor &sensor);
  ~PretendedCamera() override;

  /** As libcamera::Camera has it. */
  libcamera::Signal<libcamera::Request *> requestCompleted;

  /** What the camera agreed to, and its buffers' memory. */
  const CsiCameraStream &stream() const noexcept { return stream_; }
  std::vector<csi::FrameMemory> memory() const;

  /** Gives a buffer to be filled; on any thread. */
  void queue(uint32_t buffer);

  /** Waits until so many requests are completed, in real time. While no buffer is queued there are none. */
  CpuTimes run(uint32_t frames);

  bool is_bad(uint32_t sequence) const noexcept;
  /** Of the frame with this sequence number. */
  int64_t sensor_timestamp_ns(uint32_t sequence) const noexcept;

private:
  // On libcamera's thread.
  void start();
  void stop();
  void take_queued(uint32_t buffer);
  void on_timer();
  void complete(libcamera::Request &request, bool is_bad);
  void fill(libcamera::Request &request, uint32_t sequence);
  void read_picture(uint32_t buffer) const;

  const Sensor sensor_;
  CsiCameraStream stream_ = {};
  libcamera::Stream libcamera_stream_;
  std::vector<std::unique_ptr<libcamera::FrameBuffer>> buffers_;
  std::vector<std::unique_ptr<libcamera::Request>> requests_;
  std::vector<csi::FrameMemory> memory_;

  csi::Fd timer_;
  std::unique_ptr<libcamera::EventNotifier> notifier_;
  std::deque<uint32_t> queued_;
  CpuTimes times_;
  uint32_t completed_count_ = 0;
  uint32_t frames_ = 0;
  std::mutex mutex_;
  std::condition_variable done_;
  bool is_done_ = false;
};
