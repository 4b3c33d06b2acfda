// Which buffers the dma-heap library gave out and did not get back: freeing one of another's, or one a second time,
// must not unmap and close what has come to lie there since.
#pragma once

#include "csi_dmaheap.h"
#include "dma_heap.h"

#include <mutex>
#include <unordered_map>

namespace csi {

/** All calls may come from any thread. */
class LiveBuffers {
public:
  /** Takes the buffer and describes it for the C ABI. Throws std::bad_alloc. */
  CsiDmaBuffer insert(MappedDmaBuffer buffer);

  /** Unmaps and closes it; false where it is no live one, exactly as it was given out. */
  bool erase(const CsiDmaBuffer &buffer);

private:
  std::mutex mutex_;
  std::unordered_map<uint32_t, MappedDmaBuffer> buffers_;
  uint32_t last_id_ = 0;
};

} // namespace csi
