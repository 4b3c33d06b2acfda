// dmabufs from a dma-heap.
#pragma once

#include "csi_dmaheap.h"
#include "fd.h"

#include <string>

namespace csi {

/** A dmabuf of `byte_count` bytes from the heap at this path, mapped for reading and writing; both are the caller's.
 *  Throws Error. */
CsiDmaBuffer allocate_mapped(const std::string &heap, uint64_t byte_count);

} // namespace csi
