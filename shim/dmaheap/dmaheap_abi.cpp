// csi_dmaheap.h: what the kernel gives, with its errors as sentences.
#include "csi_dmaheap.h"
#include "dma_buf.h"
#include "error.h"
#include "live_buffers.h"

#include <cstddef>
#include <cstdio>

static_assert(sizeof(CsiDmaBuffer) == 24 && offsetof(CsiDmaBuffer, byte_count) == 8 &&
              offsetof(CsiDmaBuffer, fd) == 16 && offsetof(CsiDmaBuffer, id) == 20);

namespace {

/** Never destroyed: what is still mapped when the program ends may still be read by its other threads. */
csi::LiveBuffers &live_buffers() {
  static auto &buffers = *new csi::LiveBuffers;
  return buffers;
}

} // namespace

uint32_t csi_dmaheap_struct_size(uint32_t which) {
  return which == 0 ? sizeof(CsiDmaBuffer) : 0;
}

int csi_dmaheap_allocate(const char *heap, uint64_t byte_count, CsiDmaBuffer *out, char *error, uint32_t error_size) {
  if (!heap || !out)
    return -EINVAL;
  if (error && error_size > 0)
    error[0] = '\0';
  return csi::guarded([&] {
    try {
      *out = live_buffers().insert(csi::allocate_mapped(heap, byte_count));
      return 0;
    } catch (const std::exception &failure) {
      if (error && error_size > 0)
        std::snprintf(error, error_size, "%s", failure.what());
      throw;
    }
  });
}

int csi_dmaheap_free(const CsiDmaBuffer *buffer) {
  if (!buffer)
    return -EINVAL;
  return csi::guarded([&] { return live_buffers().erase(*buffer) ? 0 : -EBADF; });
}

int csi_dmaheap_begin_write(int fd) {
  return csi::sync_dma_buf(fd, csi::CpuAccess::write, true);
}

int csi_dmaheap_end_write(int fd) {
  return csi::sync_dma_buf(fd, csi::CpuAccess::write, false);
}
