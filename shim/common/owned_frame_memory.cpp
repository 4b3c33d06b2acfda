#include "owned_frame_memory.h"

#include "error.h"

#include <fcntl.h>

#include <cstring>

namespace csi {

OwnedFrameMemory::OwnedFrameMemory(const CsiFrameMemory &memory) : given_(memory) {
  for (int i = 0; i < CSI_PLANES_MAX; ++i) {
    if (given_.dmabuf_fd[i] < 0 || first_with_same_fd(i) != i)
      continue;
    fds_[i] = Fd(fcntl(given_.dmabuf_fd[i], F_DUPFD_CLOEXEC, 0));
    if (fds_[i].get() < 0 && errno != EBADF) {
      const int code = errno;
      throw Error(-code, std::string("a frame's dmabuf cannot be kept open: ") + std::strerror(code));
    }
  }
}

int OwnedFrameMemory::first_with_same_fd(int plane) const noexcept {
  int first = 0;
  while (given_.dmabuf_fd[first] != given_.dmabuf_fd[plane])
    ++first;
  return first;
}

CsiFrameMemory OwnedFrameMemory::described() const noexcept {
  CsiFrameMemory memory = given_;
  for (int i = 0; i < CSI_PLANES_MAX; ++i)
    memory.dmabuf_fd[i] = fds_[first_with_same_fd(i)].get();
  return memory;
}

} // namespace csi
