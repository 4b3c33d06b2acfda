#include "keeper.h"

#include "error.h"

#include <algorithm>
#include <thread>

namespace csi {
namespace {

// A camera whose pipeline has stopped (a Raspberry Pi's after its timeout) cancels each request the moment it gets it.
// It is asked again at this pace, so often.
constexpr std::chrono::milliseconds kRetryPause{100};
constexpr int kRetriesInVainMax = 5;

// How long a camera may be silent before somebody looks whether it is still there. Not a stall: exposures can be
// longer.
constexpr std::chrono::milliseconds kSilence{500};

} // namespace

void Keeper::run() noexcept {
  try {
    capture();
  } catch (const Error &error) {
    port_.failed(error.code(), error.what());
  } catch (const std::exception &error) {
    port_.failed(-EIO, error.what());
  } catch (...) {
    port_.failed(-EIO, "the camera failed without a reason");
  }
  while (!port_.closing())
    port_.bell().wait();
}

void Keeper::capture() {
  Session session(port_.sink());
  if (!session.open(config_, port_.closing()))
    return;
  const CsiCameraStream stream = session.stream();
  port_.opened(stream, session.take_memory()); // before the first request: no frame overtakes it
  for (uint32_t buffer = 0; buffer < stream.buffer_count; ++buffer)
    queue(session, buffer);
  serve(session);
  if (unplugged_)
    session.abandon();
}

void Keeper::serve(Session &session) {
  progress_at_ = Clock::now();
  while (!port_.closing() && !lost_) {
    port_.bell().wait(milliseconds_to_wait());
    check_for_loss();
    if (!lost_)
      refill(session);
  }
  // Closed right after it was unplugged: nobody may stop the camera before that is known.
  if (!lost_ && devices_.sees_unplugged()) {
    std::this_thread::sleep_for(kSilence);
    unplugged_ = is_unplugged();
  }
}

void Keeper::check_for_loss() {
  unplugged_ = is_unplugged();
  if (unplugged_)
    lose(-ENODEV, "was unplugged");
  else if (port_.sink().lost())
    lose(-ENODEV, "was disconnected");
}

bool Keeper::is_unplugged() {
  const uint64_t completed_count = port_.sink().completed_count();
  if (completed_count != completed_count_) {
    completed_count_ = completed_count;
    progress_at_ = Clock::now();
  }
  const bool has_requests = queued_count_ > completed_count;
  return has_requests && Clock::now() - progress_at_ >= kSilence && devices_.sees_unplugged();
}

void Keeper::lose(int result, const std::string &what_happened) {
  lost_ = true;
  port_.failed(result, "the camera " + what_happened);
}

void Keeper::refill(Session &session) {
  uint32_t released;
  while (port_.next_released(&released))
    queue(session, released);
  CompletionSink::Refused refused;
  while (port_.sink().refused.pop(&refused)) {
    ++refused_count_;
    if (refused.cancelled)
      cancelled_.push_back(refused.buffer);
    else
      queue(session, refused.buffer);
  }
  if (!cancelled_.empty() && Clock::now() >= retry_at_)
    retry_cancelled(session);
}

void Keeper::retry_cancelled(Session &session) {
  // A camera that lives cancels some requests only: it has others, which wait for a long exposure, or it gives frames.
  const uint64_t completed_count = port_.sink().completed_count();
  const uint64_t good_count = completed_count - refused_count_;
  const bool in_vain = completed_count == queued_count_ && good_count == good_count_at_retry_;
  retries_in_vain_ = in_vain ? retries_in_vain_ + 1 : 0;
  good_count_at_retry_ = good_count;
  if (in_vain && devices_.sees_unplugged())
    return lose(-ENODEV, "was unplugged");
  if (retries_in_vain_ > kRetriesInVainMax)
    return lose(-EIO, "cancels every request");
  retry_at_ = Clock::now() + kRetryPause;
  for (const uint32_t buffer : std::exchange(cancelled_, {}))
    queue(session, buffer);
}

void Keeper::queue(Session &session, uint32_t buffer) {
  const int result = session.queue(buffer);
  if (result == 0)
    ++queued_count_;
  else
    lose(result, "takes no requests any more"); // -ENODEV: it is gone, which its signal may tell later
}

int Keeper::milliseconds_to_wait() const {
  if (cancelled_.empty())
    return kSilence.count();
  const auto pause = std::chrono::ceil<std::chrono::milliseconds>(retry_at_ - Clock::now());
  return static_cast<int>(std::clamp<int64_t>(pause.count(), 0, kSilence.count()));
}

} // namespace csi
