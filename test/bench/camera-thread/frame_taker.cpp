#include "frame_taker.h"

#include "thread.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

FrameTaker::FrameTaker(csi::CameraPort &port, PretendedCamera &camera) :
    port_(port),
    camera_(camera),
    wake_(port.take_wake_fd()),
    epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  epoll_event interest = {};
  interest.events = EPOLLIN;
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &interest) != 0)
    throw std::system_error(errno, std::generic_category(), "epoll");
  port_.opened(camera.stream(), camera.memory());
  keeper_ = csi::start_thread("keeper", [this] { keep(); });
  taker_ = csi::start_thread("taker", [this] { take_all(); });
}

void FrameTaker::finish() {
  port_.close();
  keeper_.join();
  taker_.join();
}

/** Sleeps in epoll_wait(2), as Bun does. */
void FrameTaker::take_all() {
  for (;;) {
    epoll_event ready;
    epoll_wait(epoll_.get(), &ready, 1, -1);
    char bytes[64];
    while (read(wake_.get(), bytes, sizeof bytes) > 0) {
    }
    CsiCameraEvent event;
    while (port_.take(&event) == 0) {
      if (event.kind == CSI_CAMERA_CLOSED)
        return;
      note(event);
    }
  }
}

void FrameTaker::keep() {
  while (!port_.closing()) {
    port_.bell().wait();
    uint32_t released;
    while (port_.next_released(&released))
      camera_.queue(released);
    csi::CompletionSink::Refused refused;
    while (port_.sink().refused.pop(&refused))
      camera_.queue(refused.buffer);
  }
  port_.closed();
}

void FrameTaker::note(const CsiCameraEvent &event) {
  if (event.kind == CSI_CAMERA_OPENED)
    return;
  // Those that the ring had no room for are missing in between.
  const bool is_bad = event.kind == CSI_CAMERA_BAD_FRAME;
  const bool is_right = event.sequence >= next_sequence_ && is_bad == camera_.is_bad(event.sequence) &&
                        event.sensor_timestamp_ns == camera_.sensor_timestamp_ns(event.sequence) &&
                        event.monotonic_ns > last_monotonic_ns_;
  ++taken_count_;
  next_sequence_ = event.sequence + 1;
  wrong_count_ += is_right ? 0 : 1;
  last_monotonic_ns_ = event.monotonic_ns;
  if (!is_bad && port_.release(event.buffer) != 0)
    ++wrong_count_;
}
