// The socket that tells the caller "there are events".
#pragma once

#include "fd.h"

namespace csi {

class WakeSocket {
public:
  /** Throws Error (-EMFILE, -ENFILE). Both ends are O_NONBLOCK | O_CLOEXEC. */
  WakeSocket();

  /** Hands the caller's end over; from then on the caller closes it. */
  int take_reader() noexcept { return reader_.release(); }

  /** Sends one byte and never waits: a full socket has already woken its reader. */
  void wake() noexcept;

private:
  Fd reader_;
  Fd writer_;
};

} // namespace csi
