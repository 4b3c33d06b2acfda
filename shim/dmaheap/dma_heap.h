// dmabufs from a dma-heap.
#pragma once

#include "fd.h"
#include "mapping.h"

#include <string>

namespace csi {

/** A dmabuf, and where it is mapped for reading and writing. */
struct MappedDmaBuffer {
  Fd fd;
  Mapping mapping;
};

/** A dmabuf of `byte_count` bytes from the heap at this path. Throws Error. */
MappedDmaBuffer allocate_mapped(const std::string &heap, uint64_t byte_count);

} // namespace csi
