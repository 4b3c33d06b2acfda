// CPU access to dmabufs, as the kernel wants it announced (Documentation/driver-api/dma-buf.rst, "CPU Access to DMA
// Buffer Objects"): without it a cached mapping may show the pixels of an earlier frame, or keep new ones from a
// device.
#pragma once

#include <cstdint>

namespace csi {

enum class CpuAccess { read, write };

/** DMA_BUF_IOCTL_SYNC. 0 or -errno; a descriptor that is no dmabuf (memfd, -1) needs none: 0. */
int sync_dma_buf(int fd, CpuAccess access, bool begin) noexcept;

/** For reading, each different descriptor among `count` planes' ones. The first error, or 0. */
int sync_dma_bufs_read(const int32_t *fds, uint32_t count, bool begin) noexcept;

} // namespace csi
