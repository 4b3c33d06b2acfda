#include "dma_buf.h"

#include <linux/dma-buf.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>

namespace csi {

int sync_dma_buf(int fd, CpuAccess access, bool begin) noexcept {
  if (fd < 0)
    return 0;
  dma_buf_sync sync = {};
  sync.flags = (access == CpuAccess::read ? DMA_BUF_SYNC_READ : DMA_BUF_SYNC_WRITE) |
               (begin ? DMA_BUF_SYNC_START : DMA_BUF_SYNC_END);
  while (ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync) != 0) {
    if (errno == ENOTTY)
      return 0;
    if (errno != EINTR && errno != EAGAIN)
      return -errno;
  }
  return 0;
}

int sync_dma_bufs_read(const int32_t *fds, uint32_t count, bool begin) noexcept {
  int first_error = 0;
  for (uint32_t i = 0; i < count; ++i) {
    if (std::find(fds, fds + i, fds[i]) != fds + i)
      continue; // planes often share one dmabuf
    const int result = sync_dma_buf(fds[i], CpuAccess::read, begin);
    if (first_error == 0)
      first_error = result;
  }
  return first_error;
}

} // namespace csi
