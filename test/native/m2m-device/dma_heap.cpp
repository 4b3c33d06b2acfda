#include "dma_heap.h"

#include "journal.h"
#include "shared_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <sys/ioctl.h>

namespace m2m {

bool is_dma_heap(const std::string &path) {
  return path == "/dev/dma_heap/linux,cma" || path == "/dev/dma_heap/system";
}

int DmaHeap::ioctl(uint32_t request, void *argument) {
  if (request != DMA_HEAP_IOCTL_ALLOC)
    return -ENOTTY;
  auto &allocation = *static_cast<dma_heap_allocation_data *>(argument);
  const bool has_unknown_flags = (allocation.fd_flags & ~uint32_t{DMA_HEAP_VALID_FD_FLAGS}) != 0 ||
                                 (allocation.heap_flags & ~uint64_t{DMA_HEAP_VALID_HEAP_FLAGS}) != 0;
  if (allocation.fd != 0 || has_unknown_flags || allocation.len == 0)
    return -EINVAL;
  constexpr uint64_t page_bytes = 4096;
  const uint64_t byte_count = (allocation.len + page_bytes - 1) / page_bytes * page_bytes;
  const int fd = make_memfd("dma-heap", byte_count, static_cast<int>(allocation.fd_flags));
  if (fd < 0)
    return fd;
  allocation.fd = static_cast<uint32_t>(fd);
  journal().count_heap_buffer();
  return 0;
}

} // namespace m2m
