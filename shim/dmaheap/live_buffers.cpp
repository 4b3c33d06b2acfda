#include "live_buffers.h"

#include <tuple>

namespace csi {
namespace {

CsiDmaBuffer describe(uint32_t id, const MappedDmaBuffer &buffer) {
  const Mapping &mapping = buffer.mapping;
  return {reinterpret_cast<uintptr_t>(mapping.bytes()), mapping.byte_count(), buffer.fd.get(), id};
}

bool are_equal(const CsiDmaBuffer &a, const CsiDmaBuffer &b) {
  return std::tie(a.address, a.byte_count, a.fd, a.id) == std::tie(b.address, b.byte_count, b.fd, b.id);
}

} // namespace

CsiDmaBuffer LiveBuffers::insert(MappedDmaBuffer buffer) {
  const std::lock_guard lock(mutex_);
  do {
    ++last_id_;
  } while (last_id_ == 0 || buffers_.count(last_id_) > 0);
  const auto inserted = buffers_.emplace(last_id_, std::move(buffer)).first;
  return describe(last_id_, inserted->second);
}

bool LiveBuffers::erase(const CsiDmaBuffer &buffer) {
  const std::lock_guard lock(mutex_);
  const auto found = buffers_.find(buffer.id);
  if (found == buffers_.end() || !are_equal(buffer, describe(found->first, found->second)))
    return false;
  buffers_.erase(found);
  return true;
}

} // namespace csi
