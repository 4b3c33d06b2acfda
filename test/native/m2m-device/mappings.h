// Which mappings of the program are of our buffers, to count what is unmapped. munmap() is asked often and by
// allocators: no lock, no memory.
#pragma once

#include <atomic>
#include <cstdint>

namespace m2m {

/** `unmapped` is incremented when the program unmaps what begins there. */
void remember_mapping(void *start, std::atomic<uint32_t> &unmapped);
void forget_mapping(void *start);

} // namespace m2m
