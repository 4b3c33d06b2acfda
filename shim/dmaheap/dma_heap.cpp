#include "dma_heap.h"

#include "error.h"

#include <fcntl.h>
#include <linux/dma-heap.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <cstring>

namespace csi {
namespace {

Error failure(int code, const std::string &what) {
  return Error(-code, what + ": " + std::strerror(code));
}

Fd open_heap(const std::string &heap) {
  Fd fd(open(heap.c_str(), O_RDWR | O_CLOEXEC));
  if (fd.get() >= 0)
    return fd;
  const int code = errno;
  throw failure(code, heap);
}

Fd allocate(const std::string &heap, uint64_t byte_count) {
  const Fd device = open_heap(heap);
  dma_heap_allocation_data request = {};
  request.len = byte_count;
  request.fd_flags = O_RDWR | O_CLOEXEC;
  while (ioctl(device.get(), DMA_HEAP_IOCTL_ALLOC, &request) != 0) {
    const int code = errno;
    if (code != EINTR)
      throw failure(code, heap + " gives no buffer of " + std::to_string(byte_count) + " bytes");
  }
  return Fd(static_cast<int>(request.fd));
}

} // namespace

MappedDmaBuffer allocate_mapped(const std::string &heap, uint64_t byte_count) {
  Fd fd = allocate(heap, byte_count);
  void *start = mmap(nullptr, byte_count, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
  if (start == MAP_FAILED) {
    const int code = errno;
    throw failure(code, "a buffer of " + heap + " cannot be mapped");
  }
  return {std::move(fd), Mapping(start, byte_count)};
}

} // namespace csi
