#include "handles.h"

#include "../check.h"

#include <algorithm>

namespace {

constexpr size_t kDeadMax = 64;

void *as_handle(uint64_t number) {
  return reinterpret_cast<void *>(static_cast<uintptr_t>(number));
}

} // namespace

void Handles::born(const void *owner, void *handle) {
  const auto is_it = [&](const Entry &entry) { return entry.handle == handle; };
  CHECK(handle && std::none_of(living_.begin(), living_.end(), is_it));
  CHECK(std::find(dead_.begin(), dead_.end(), handle) == dead_.end());
  living_.push_back({owner, handle});
  ++count_;
}

void Handles::died(void *handle) {
  const auto is_it = [&](const Entry &entry) { return entry.handle == handle; };
  living_.erase(std::find_if(living_.begin(), living_.end(), is_it));
  dead_.push_back(handle);
  if (dead_.size() > kDeadMax)
    dead_.erase(dead_.begin());
}

bool Handles::lives(const void *owner, const void *handle) const {
  return std::any_of(living_.begin(), living_.end(),
                     [&](const Entry &entry) { return entry.owner == owner && entry.handle == handle; });
}

void *Handles::any(const void *owner, Random &random) const {
  static int something;
  void *const some = living_.empty() ? nullptr : living_[random.below(living_.size())].handle;
  switch (random.below(20)) {
  case 0:
    return nullptr;
  case 1:
    return as_handle(random.number());
  case 2:
    return as_handle(random.below(1024));
  case 3:
    return &something;
  case 4:
    return const_cast<void *>(owner); // on the heap
  case 5:
    return as_handle(reinterpret_cast<uintptr_t>(some) ^ uint64_t{1} << random.below(64));
  case 6:
    return as_handle(reinterpret_cast<uintptr_t>(some) + random.below(5) - 2);
  case 7: // of any library
  case 8:
    return some;
  case 9:
  case 10:
  case 11:
    return dead_.empty() ? nullptr : dead_[random.below(dead_.size())];
  default:
    std::vector<void *> own;
    for (const Entry &entry : living_)
      if (entry.owner == owner)
        own.push_back(entry.handle);
    return own.empty() ? nullptr : own[random.below(own.size())];
  }
}
