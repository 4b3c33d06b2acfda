// Turns what a device gives, buffer by buffer, into exactly one result for each frame, by the timestamps.
#pragma once

#include "encoder_port.h"

#include <deque>
#include <vector>

namespace csi {

/**
 * A coded frame may come in several buffers with one timestamp, headers may come before it in a buffer of their own,
 * and a frame may come to nothing at all. Without B-frames results keep the order of the frames: a frame is complete
 * when a buffer with another timestamp comes, and one that was passed over was swallowed.
 */
class ResultMatcher {
public:
  /** `codec`: enum CsiCodec. */
  ResultMatcher(EncoderPort &port, uint32_t codec) : port_(port), codec_(codec) {}

  /** A frame goes in. Returns the time that has to go with it, µs; strictly increasing. */
  int64_t submitted(int64_t timestamp_ns);

  /** The frame that went in last was not taken after all. */
  void withdraw_newest() { frames_.pop_back(); }

  /** A buffer came. Throws Error (-EPROTO) for a picture with a time that belongs to no frame. */
  void take(int64_t time_us, const uint8_t *bytes, size_t byte_count, bool damaged);

  /** Something came for a frame, and more of it may come. */
  bool has_pieces() const noexcept { return has_pieces_; }

  /** Nothing more comes for that frame. */
  void complete();

  /** Nothing is waited for any more of all that went in so far; what comes nevertheless is of no use. */
  void skip_all(CsiSkipReason reason);

  /** Frames without a result. */
  size_t unresolved() const noexcept { return frames_.size(); }

  /** Frames that were given a packet. */
  uint64_t packets() const noexcept { return packets_; }

  /** A picture was damaged, and those that follow are of no use before a key frame. */
  bool needs_key() const noexcept { return needs_key_; }

private:
  struct Frame {
    int64_t timestamp_ns;
    int64_t time_us;
  };

  void skip_front(CsiSkipReason reason);

  EncoderPort &port_;
  const uint32_t codec_;
  std::deque<Frame> frames_; // oldest first; the port bounds them
  int64_t last_time_us_ = INT64_MIN;
  int64_t given_up_us_ = INT64_MIN; // up to this time
  uint64_t packets_ = 0;
  bool needs_key_ = false;

  std::vector<uint8_t> pieces_; // of the oldest frame; else headers for the next picture
  bool has_pieces_ = false;
  bool damaged_ = false;
};

} // namespace csi
