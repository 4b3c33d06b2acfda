// A context's encoder at work: takes OUTPUT buffers, fills CAPTURE buffers, and goes wrong where the switches say so.
#pragma once

#include "encoder.h"
#include "stream.h"

#include <mutex>
#include <thread>

namespace m2m {

/** Where the parameter sets go, beside the switch. */
struct HeaderControls {
  bool is_separate; // V4L2_CID_MPEG_VIDEO_HEADER_MODE
  bool is_repeated; // V4L2_CID_MPEG_VIDEO_REPEAT_SEQ_HEADER
};

class EncoderThread {
public:
  explicit EncoderThread(Stream &stream) : stream_(stream) {}
  /** Without the lock. */
  ~EncoderThread();

  // With the lock:

  /** Both queues stream. Throws std::runtime_error. */
  void start(const EncoderSettings &settings, const HeaderControls &headers);
  /** One queue is about to stop: gives up the frame in work. */
  void interrupt(std::unique_lock<std::mutex> &lock);
  /** Both queues have stopped: the next start() begins a new stream. */
  void reset();
  void drain();
  void force_key() { is_key_forced_ = true; }

private:
  struct Packet {
    std::vector<uint8_t> bytes;
    uint32_t flags = 0; // V4L2_BUF_FLAG_…
    timeval timestamp = {};
  };
  using Lock = std::unique_lock<std::mutex>;

  void run();
  bool can_work() const;
  bool is_stalled() const;
  bool is_given_up() const { return is_ending_ || is_interrupted_; }
  bool pause(Lock &lock, uint32_t milliseconds);
  void encode_next(Lock &lock);
  void finish_drain(Lock &lock);
  Picture picture_of(const Buffer &buffer) const;
  std::vector<Packet> packets_of(Coded coded, timeval timestamp);
  void damage(Packet &packet) const;
  bool deliver(Lock &lock, const std::vector<Packet> &packets, bool is_last);
  bool deliver(Lock &lock, const Packet &packet, bool is_last);

  Stream &stream_;
  const Switches &switches_ = stream_.node.switches;
  std::unique_ptr<Encoder> encoder_;
  EncoderSettings settings_ = {};
  HeaderControls headers_ = {};
  uint32_t frames_taken_ = 0; // of this stream
  uint32_t frames_coded_ = 0;
  std::vector<Packet> held_back_; // drain=flag_on_last: the newest frame
  bool is_key_forced_ = false;

  enum class Drain { no, wanted, done };
  Drain drain_ = Drain::no;
  size_t frames_to_drain_ = 0; // queued before the command, not taken yet

  bool is_busy_ = false;
  bool is_interrupted_ = false;
  bool is_ending_ = false;
  std::thread thread_; // last: it uses all of the above
};

} // namespace m2m
