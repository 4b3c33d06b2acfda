// Wakes one of the shim's own threads: an eventfd, so that a thread can poll it next to a device.
#pragma once

#include "fd.h"

namespace csi {

class Doorbell {
public:
  /** Throws Error (-EMFILE, -ENFILE). */
  Doorbell();

  /** Never waits; many rings before an answer count as one. */
  void ring() noexcept;

  /** Forgets the rings so far. Look at the state they announced after this, not before. */
  void answer() noexcept;

  /** Sleeps until a ring or until timeout_ms have passed (-1: no limit), then answers. */
  void wait(int timeout_ms = -1) noexcept;

  /** Readable while there are rings to answer. */
  int fd() const noexcept { return event_.get(); }

private:
  Fd event_;
};

} // namespace csi
