// The pipe that tells the caller "there are events": one byte for each.
#pragma once

#include "fd.h"

namespace csi {

class WakePipe {
public:
  /** Throws Error (-EMFILE, -ENFILE). Both ends are O_NONBLOCK | O_CLOEXEC. */
  WakePipe();

  /** Hands the read end over; from then on the caller closes it. */
  int take_read_end() noexcept { return read_end_.release(); }

  /** Writes one byte and never waits: a full pipe has already woken its reader. Call it from threads made by
   *  start_thread() or their children only: they block SIGPIPE, which a reader that closed its end would raise. */
  void wake() noexcept;

private:
  Fd read_end_;
  Fd write_end_;
};

} // namespace csi
