#include "result_matcher.h"

#include "coded_picture.h"
#include "error.h"

#include <algorithm>
#include <utility>

namespace csi {

int64_t ResultMatcher::submitted(int64_t timestamp_ns) {
  // Drivers carry microseconds; no two frames may share one.
  last_time_us_ = std::max(last_time_us_ + 1, timestamp_ns / 1000);
  frames_.push_back({timestamp_ns, last_time_us_});
  return last_time_us_;
}

void ResultMatcher::take(int64_t time_us, const uint8_t *bytes, size_t byte_count, bool damaged) {
  if (has_pieces_ && frames_.front().time_us != time_us)
    complete();
  const auto frame =
      std::find_if(frames_.begin(), frames_.end(), [&](const Frame &each) { return each.time_us == time_us; });
  if (frame != frames_.end()) {
    for (auto passed_over = frame - frames_.begin(); passed_over > 0; --passed_over)
      skip_front(CSI_SKIP_SWALLOWED);
    has_pieces_ = true;
    damaged_ |= damaged;
  } else if (damaged) {
    needs_key_ = true; // a part of the stream is missing, whosever it was
    return;
  } else {
    std::vector<uint8_t> headers(bytes, bytes + byte_count);
    if (read_coded_picture(codec_, headers).has_picture) {
      if (time_us > given_up_us_)
        throw Error(-EPROTO, "the encoder gave a picture with a timestamp that it was not given");
      needs_key_ = true; // those to come build on it
      return;
    }
  }
  pieces_.insert(pieces_.end(), bytes, bytes + byte_count);
}

void ResultMatcher::complete() {
  if (!std::exchange(has_pieces_, false))
    return;
  const bool damaged = std::exchange(damaged_, false);
  CodedPicture picture = read_coded_picture(codec_, pieces_);
  if (!picture.has_picture && !damaged)
    return; // headers of a picture that is still to come
  pieces_.clear();
  needs_key_ = damaged || (needs_key_ && !picture.is_key);
  if (needs_key_)
    return skip_front(CSI_SKIP_DAMAGED);
  const int64_t timestamp_ns = frames_.front().timestamp_ns;
  frames_.pop_front();
  ++packets_;
  port_.packet(timestamp_ns, picture.is_key, std::move(picture.bytes));
}

void ResultMatcher::skip_all(CsiSkipReason reason) {
  complete();
  given_up_us_ = last_time_us_;
  while (!frames_.empty())
    skip_front(reason);
}

void ResultMatcher::skip_front(CsiSkipReason reason) {
  const int64_t timestamp_ns = frames_.front().timestamp_ns;
  frames_.pop_front();
  port_.skipped(timestamp_ns, reason);
}

} // namespace csi
