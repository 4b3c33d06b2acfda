// How long the wake-up of the reader takes, of all that our code does on libcamera's thread: the linker puts this
// before csi::WakeSocket::wake() (--wrap).
#pragma once

#include <cstdint>

/** CPU time of this thread, ns. */
int64_t cpu_time_ns() noexcept;

/** Times the wake-ups of this thread as long as it lives. */
class TimedWake {
public:
  TimedWake() noexcept;
  ~TimedWake();

  /** CPU time of the last one, one reading of the clock included; 0: there was none. */
  int64_t ns() const noexcept;
};
