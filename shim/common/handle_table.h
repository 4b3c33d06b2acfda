// The handles of a C ABI, as numbers in a pointer's clothes: a call with one that is dead, made up or another library's
// finds nothing, where an address would have led into memory that is gone.
#pragma once

#include "error.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace csi {

/** A library's live objects by their handles. No handle is given out twice, and none is an object's address: they are
 *  odd. All calls may come from any thread; a look-up costs some tens of nanoseconds. */
template <typename Object>
class HandleTable {
public:
  /** `own`: anything static of this library, whose page in memory makes its handles differ from other libraries'. */
  explicit HandleTable(const void *own) noexcept :
      next_((reinterpret_cast<uintptr_t>(own) >> kPageBits & kPageMask) << (kCountBits + 1) | 1) {}
  HandleTable(const HandleTable &) = delete;
  HandleTable &operator=(const HandleTable &) = delete;

  /** Takes the object and gives its handle, which nobody may dereference. Throws Error. */
  Object *insert(std::shared_ptr<Object> object) {
    const std::lock_guard lock(mutex_);
    if (given_out_ >> kCountBits != 0)
      throw Error(-ENOSPC, "this process has used up its handles");
    objects_.emplace(next_, std::move(object));
    Object *const handle = reinterpret_cast<Object *>(next_);
    next_ += 2;
    ++given_out_;
    return handle;
  }

  /** The object, kept alive for as long as the result is held; empty where the handle is none of ours or is dead. */
  std::shared_ptr<Object> find(const Object *handle) const {
    const std::lock_guard lock(mutex_);
    const auto found = objects_.find(reinterpret_cast<uintptr_t>(handle));
    return found == objects_.end() ? nullptr : found->second;
  }

  /** The same, and the handle is dead from here on. The object goes with the last that holds it. */
  std::shared_ptr<Object> take(const Object *handle) {
    const std::lock_guard lock(mutex_);
    const auto found = objects_.find(reinterpret_cast<uintptr_t>(handle));
    if (found == objects_.end())
      return nullptr;
    std::shared_ptr<Object> object = std::move(found->second);
    objects_.erase(found);
    return object;
  }

private:
  // 47 bits in all, as an address of a program has, which a double holds exactly: page, count, and the lowest bit set.
  static_assert(sizeof(uintptr_t) == 8);
  static constexpr int kPageBits = 12;
  static constexpr uintptr_t kPageMask = 0xffff;
  static constexpr int kCountBits = 30;

  mutable std::mutex mutex_;
  std::unordered_map<uintptr_t, std::shared_ptr<Object>> objects_;
  uintptr_t next_;
  uintptr_t given_out_ = 0;
};

} // namespace csi
