// One life of an encoder device: opened, fed, drained, closed.
#pragma once

#include "encoder_port.h"
#include "find_encoder.h"
#include "raw_layout.h"
#include "result_matcher.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace csi {

enum class FramesBy { dmabuf, copy };

/** A session is at its end, and another one may do better. */
class Breakdown : public Error {
public:
  Breakdown(const std::string &sentence, FramesBy next = FramesBy::dmabuf) : Error(-EIO, sentence), next_(next) {}

  /** How the next session should take its frames. */
  FramesBy next() const noexcept { return next_; }

private:
  FramesBy next_;
};

class M2mSession {
public:
  /** Opens a device and makes it ready for frames; by dmabuf if that is wanted and the device takes them so. Throws
   *  Error. */
  M2mSession(const CsiEncoderConfig &config, EncoderPort &port, FramesBy wanted);

  /** E.g. "bcm2835-codec-encode (/dev/video11)". */
  std::string name() const { return device_.card() + " (" + device_.path() + ")"; }
  bool zero_copy() const noexcept { return frames_by_ == FramesBy::dmabuf; }

  /** Serves the port until it was stopped, or drained with every frame answered. Throws Breakdown, and Error where no
   *  other session would do better. `in_hand`: a frame that was taken from the port and not from us: the first to be
   *  encoded, and what is left there when this one broke down. */
  void run(std::optional<CsiEncoderFrame> &in_hand);

  /** Takes all buffers back from the device: the frames in it are released, those without a result skipped. */
  void abandon(CsiSkipReason reason);

  /** Frames that became packets. */
  uint64_t packets() const noexcept { return matcher_.packets(); }

private:
  using Clock = std::chrono::steady_clock;
  enum class Drain { not_asked, busy, running, unsupported };

  /** An OUTPUT buffer. */
  struct Slot {
    bool is_queued = false;
    std::optional<int64_t> lent_ns; // timestamp of the frame whose own memory the device reads
    int last_fd = -1;
  };

  void step(std::optional<CsiEncoderFrame> &in_hand);

  bool takes_dmabufs() const;
  void start_streaming();

  void feed(std::optional<CsiEncoderFrame> &in_hand);
  std::optional<uint32_t> free_slot(int fd) const;
  void queue_frame(const CsiEncoderFrame &frame, uint32_t index);
  int queue_lent(const CsiEncoderFrame &frame, uint32_t index, int64_t time_us);
  int queue_copied(const CsiEncoderFrame &frame, uint32_t index, int64_t time_us);
  void ask_for_key_frame(const CsiEncoderFrame &frame);

  void take_events();
  void take_back_frames();
  void take_results();
  void take_result(const DequeuedBuffer &buffer);

  void drain();
  void watch(Clock::time_point now);
  void watch_drain(Clock::time_point now);
  bool holds_frames() const;
  void sleep();

  const CsiEncoderConfig config_;
  EncoderPort &port_;
  const M2mDevice device_;
  const RawLayout layout_;
  const FramesBy frames_by_;
  std::optional<BufferQueue> output_;
  std::optional<BufferQueue> capture_;
  std::vector<Slot> slots_;
  ResultMatcher matcher_;

  Drain drain_ = Drain::not_asked;
  bool end_of_stream_ = false;                   // the device says that the last picture is out
  bool finished_ = false;                        // nothing comes any more
  CsiSkipReason left_over_ = CSI_SKIP_SWALLOWED; // what became of frames that have no result by then
  bool key_asked_ = false;
  Clock::time_point progress_; // when the device last gave something, or began to have something to give
  Clock::time_point last_result_;
};

} // namespace csi
