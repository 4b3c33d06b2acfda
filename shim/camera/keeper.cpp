#include "keeper.h"

#include "error.h"

namespace csi {
namespace {

// A camera whose pipeline has stopped (a Raspberry Pi's after its timeout, an unplugged one) cancels each request the
// moment it gets it. It is asked again at this pace, until the caller sees that no frames come and closes it.
constexpr std::chrono::milliseconds kRetryPause{100};

} // namespace

void Keeper::run() noexcept {
  try {
    capture();
  } catch (const Error &error) {
    port_.failed(error.code(), error.what());
  } catch (const std::exception &error) {
    port_.failed(-EIO, error.what());
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
  while (!port_.closing()) {
    port_.bell().wait(milliseconds_to_wait());
    if (port_.sink().lost())
      port_.failed(-ENODEV, std::string("camera ") + stream.camera_id + " was disconnected");
    refill(session);
  }
}

void Keeper::refill(Session &session) {
  uint32_t released;
  while (port_.next_released(&released))
    queue(session, released);
  CompletionSink::Refused refused;
  while (port_.sink().refused.pop(&refused)) {
    if (refused.cancelled)
      cancelled_.push_back(refused.buffer);
    else
      queue(session, refused.buffer);
  }
  if (cancelled_.empty() || Clock::now() < retry_at_)
    return;
  retry_at_ = Clock::now() + kRetryPause;
  for (const uint32_t buffer : std::exchange(cancelled_, {}))
    queue(session, buffer);
}

void Keeper::queue(Session &session, uint32_t buffer) {
  // A refusal is -ENODEV: the camera is gone, which its signal tells as well, or not even that.
  if (const int result = session.queue(buffer); result < 0)
    port_.failed(result, "the camera takes no requests any more");
}

int Keeper::milliseconds_to_wait() const {
  if (cancelled_.empty())
    return -1;
  const auto pause = std::chrono::ceil<std::chrono::milliseconds>(retry_at_ - Clock::now());
  return static_cast<int>(std::max<int64_t>(pause.count(), 0));
}

} // namespace csi
