// A description of frame memory whose descriptors stay good, whatever the caller does with its own.
#pragma once

#include "csi_encoder.h"
#include "fd.h"

namespace csi {

class OwnedFrameMemory {
public:
  /** Duplicates the descriptors; one that can't be counts as none. Throws Error when descriptors run out. */
  explicit OwnedFrameMemory(const CsiFrameMemory &memory);

  CsiFrameMemory described() const noexcept;

private:
  /** Planes that share a dmabuf go on sharing one. */
  int first_with_same_fd(int plane) const noexcept;

  const CsiFrameMemory given_;
  Fd fds_[CSI_PLANES_MAX];
};

} // namespace csi
