// The counter between an encoder's caller and its thread: frames go in, events come out, both bounded, and every frame
// gets exactly one release and one packet or skip, whatever the codec does.
#pragma once

#include "csi_encoder.h"
#include "doorbell.h"
#include "spare_memory.h"
#include "wake_socket.h"

#include <deque>
#include <mutex>
#include <string>
#include <vector>

namespace csi {

class EncoderPort {
public:
  /** `colour`: of what will come out. Throws Error when file descriptors run out. */
  EncoderPort(const CsiEncoderConfig &config, const CsiColour &colour);

  // The caller's side: what csi_encoder.h says of the functions with these names.

  int submit(const CsiEncoderFrame &frame);
  int drain();
  int take(CsiEncoderEvent *out);
  int read(uint8_t *destination, uint32_t capacity);
  int info(CsiEncoderInfo *out);
  const char *error();
  int take_wake_fd() noexcept { return wake_.take_reader(); }

  /** Asks the thread to return from its run() after the frame in work. */
  void stop();

  // The thread's side.

  enum class Ask { nothing, frame, drain, stop };

  /** What is to be done next; with Ask::frame the frame is the thread's to read until released(). Ask::drain comes
   *  when no frame waits any more. Never waits. */
  Ask next(CsiEncoderFrame *frame);

  /** Like next(), but sleeps while there is nothing to do. */
  Ask wait(CsiEncoderFrame *frame);

  /** While one of these lives, the caller is not woken; at its end, once if there are events. For a thread that does
   *  several things in a row. */
  class Quiet {
  public:
    explicit Quiet(EncoderPort &port);
    ~Quiet();
    Quiet(const Quiet &) = delete;
    Quiet &operator=(const Quiet &) = delete;

  private:
    EncoderPort &port_;
  };

  /** stop() was called; next() says so too, but takes a frame otherwise. */
  bool stop_asked();

  /** Readable when next() may have news, for a thread that polls a device as well; answer it before next(). */
  Doorbell &doorbell() noexcept { return doorbell_; }

  /** The codec is open. Once, before anything else. */
  void opened(const std::string &name, bool zero_copy = false);

  /** The codec was closed and opened again, for this reason. Everything that it held was skipped before. */
  void restarted(const std::string &name, bool zero_copy, const std::string &sentence);

  /** A frame was copied into the encoder's own memory. */
  void copied();

  /** The pixels of this frame are no longer read. */
  void released(int64_t timestamp_ns);

  /** These bytes for packet(), in memory of an earlier one if there is some. */
  std::vector<uint8_t> copy(const uint8_t *bytes, size_t byte_count) { return spare_.copy(bytes, byte_count); }

  /** `bytes` is what the encoder made of this frame. */
  void packet(int64_t timestamp_ns, bool key, std::vector<uint8_t> bytes);

  /** The encoder made nothing of this frame. */
  void skipped(int64_t timestamp_ns, CsiSkipReason reason);

  /** The last words of a thread that did its work: releases and skips what is left; after a drain says so. */
  void finish();

  /** The last words of a thread that could not go on: the same, then CSI_EVENT_FAILED. `result`: -errno. */
  void fail(int result, const std::string &sentence);

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
  void wake();
  bool wake_due(); // the caller is to be woken, and counts as woken then
  void describe(const std::string &name, bool zero_copy);
  void push(uint32_t kind, int64_t timestamp_ns, uint32_t flags = 0, std::vector<uint8_t> bytes = {});
  void release(InFlight &frame);
  void resolve(int64_t timestamp_ns);
  void resolve_all(CsiSkipReason reason);
  InFlight &find(int64_t timestamp_ns);
  void forget_finished_frames();

  const uint32_t frames_max_;
  const uint32_t plane_count_;
  WakeSocket wake_;
  Doorbell doorbell_;

  std::mutex mutex_; // held for a few instructions at a time
  State state_ = State::running;
  std::deque<CsiEncoderFrame> waiting_; // at most frames_max_
  std::deque<InFlight> in_flight_;      // at most 3 * frames_max_, oldest first
  std::deque<Event> events_;            // at most 3 * frames_max_ + 2, and one for each restart
  uint32_t releases_owed_ = 0;          // submitted frames whose release the caller has not taken
  uint32_t results_owed_ = 0;           // the same for packet or skip
  CsiEncoderInfo info_;
  int64_t last_timestamp_ns_ = INT64_MIN;
  std::string error_;
  bool quiet_ = false;
  bool woken_ = false; // the caller has yet to see the queue of events empty

  SpareMemory spare_;                // of packets that the caller has read
  std::vector<uint8_t> taken_bytes_; // the caller's thread only
  bool bytes_taken_ = false;
};

} // namespace csi
