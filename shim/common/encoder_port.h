// The counter between an encoder's caller and its thread: frames go in, events come out, both bounded, and every frame
// gets exactly one release and one packet or skip, whatever the codec does.
#pragma once

#include "csi_encoder.h"
#include "doorbell.h"
#include "wake_pipe.h"

#include <deque>
#include <mutex>
#include <string>
#include <vector>

namespace csi {

class EncoderPort {
public:
  /** Throws Error when file descriptors run out. */
  explicit EncoderPort(const CsiEncoderConfig &config);

  // The caller's side: what csi_encoder.h says of the functions with these names.

  int submit(const CsiEncoderFrame &frame);
  int drain();
  int take(CsiEncoderEvent *out);
  int read(uint8_t *destination, uint32_t capacity);
  const char *error();
  int take_wake_fd() noexcept { return pipe_.take_read_end(); }

  /** Asks the thread to return from its run() after the frame in work. */
  void stop();

  // The thread's side.

  enum class Ask { nothing, frame, drain, stop };

  /** What is to be done next; with Ask::frame the frame is the thread's to read until released(). Ask::drain comes
   *  when no frame waits any more. Never waits. */
  Ask next(CsiEncoderFrame *frame);

  /** Like next(), but sleeps while there is nothing to do. */
  Ask wait(CsiEncoderFrame *frame);

  /** Readable when next() may have news, for a thread that polls a device as well; answer it before next(). */
  Doorbell &doorbell() noexcept { return doorbell_; }

  /** The codec is open. Once, before anything else. */
  void opened();

  /** The pixels of this frame are no longer read. */
  void released(int64_t timestamp_ns);

  /** `bytes` is what the encoder made of this frame. */
  void packet(int64_t timestamp_ns, bool key, std::vector<uint8_t> bytes);

  /** The last words of a thread that did its work: releases and skips what is left; after a drain says so. */
  void finish();

  /** The last words of a thread that could not go on: the same, then CSI_EVENT_FAILED. */
  void fail(const std::string &sentence);

private:
  struct InFlight {
    int64_t timestamp_ns;
    bool released;
    bool resolved; // had its packet or skip
  };
  struct Event {
    CsiEncoderEvent head;
    std::vector<uint8_t> bytes;
  };
  enum class State { running, draining, stopping, finished };

  // These want `mutex_` held.
  void push(uint32_t kind, int64_t timestamp_ns, uint32_t flags = 0, std::vector<uint8_t> bytes = {});
  void release(InFlight &frame);
  void resolve_all();
  InFlight &find(int64_t timestamp_ns);
  void forget_finished_frames();

  const uint32_t frames_max_;
  const uint32_t plane_count_;
  WakePipe pipe_;
  Doorbell doorbell_;

  std::mutex mutex_; // held for a few instructions at a time
  State state_ = State::running;
  std::deque<CsiEncoderFrame> waiting_; // at most frames_max_
  std::deque<InFlight> in_flight_;      // at most frames_max_, oldest first
  std::deque<Event> events_;            // at most 2 * frames_max_ + 2
  uint32_t releases_owed_ = 0;          // submitted frames whose release the caller has not taken
  uint32_t results_owed_ = 0;           // the same for packet or skip
  int64_t last_timestamp_ns_ = INT64_MIN;
  std::string error_;

  std::vector<uint8_t> taken_bytes_; // the caller's thread only
  bool packet_taken_ = false;
};

} // namespace csi
