#include "spare_memory.h"

#include <utility>

namespace csi {
namespace {

constexpr size_t kSpareMax = 4;

} // namespace

std::vector<uint8_t> SpareMemory::copy(const uint8_t *bytes, size_t byte_count) {
  std::vector<uint8_t> copied = take();
  if (copied.capacity() < byte_count)
    copied.reserve(byte_count + byte_count / 4); // the next ones may be somewhat larger
  copied.assign(bytes, bytes + byte_count);
  return copied;
}

void SpareMemory::give_back(std::vector<uint8_t> bytes) {
  std::lock_guard lock(mutex_);
  if (bytes.capacity() > 0 && spare_.size() < kSpareMax)
    spare_.push_back(std::move(bytes));
}

std::vector<uint8_t> SpareMemory::take() {
  std::lock_guard lock(mutex_);
  if (spare_.empty())
    return {};
  std::vector<uint8_t> bytes = std::move(spare_.back());
  spare_.pop_back();
  return bytes;
}

} // namespace csi
