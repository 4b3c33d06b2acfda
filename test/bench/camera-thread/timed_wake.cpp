#include "timed_wake.h"

#include "wake_socket.h"

#include <time.h>

namespace {

thread_local bool is_timed = false;
thread_local int64_t last_ns = 0;

} // namespace

void real_wake(csi::WakeSocket *socket) asm("__real__ZN3csi10WakeSocket4wakeEv");
void timed_wake(csi::WakeSocket *socket) asm("__wrap__ZN3csi10WakeSocket4wakeEv");

void timed_wake(csi::WakeSocket *socket) {
  if (!is_timed)
    return real_wake(socket);
  const int64_t before = cpu_time_ns();
  real_wake(socket);
  last_ns = cpu_time_ns() - before;
}

int64_t cpu_time_ns() noexcept {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

TimedWake::TimedWake() noexcept {
  is_timed = true;
  last_ns = 0;
}

TimedWake::~TimedWake() {
  is_timed = false;
}

int64_t TimedWake::ns() const noexcept {
  return last_ns;
}
