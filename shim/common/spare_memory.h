// Memory that was used and is used again: what is new has to be cleared by the kernel, a page at a time. For any
// threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace csi {

class SpareMemory {
public:
  /** These bytes, in memory that was given back if there is some. */
  std::vector<uint8_t> copy(const uint8_t *bytes, size_t byte_count);

  /** Keeps some of what is given, and frees the rest. */
  void give_back(std::vector<uint8_t> bytes);

private:
  std::vector<uint8_t> take();

  std::mutex mutex_;
  std::vector<std::vector<uint8_t>> spare_;
};

} // namespace csi
