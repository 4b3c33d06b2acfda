// A bounded lock-free queue between exactly one producer and one consumer thread. Full: push() refuses, the producer
// decides.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <type_traits>

namespace csi {

template <typename Item, size_t Capacity>
class SpscRing {
  static_assert(Capacity > 0 && (Capacity & (Capacity - 1)) == 0, "a power of two: positions wrap by masking");
  static_assert(std::is_trivially_copyable_v<Item>, "an item is copied without running code that could allocate");
  static_assert(std::atomic<size_t>::is_always_lock_free);

public:
  /** Producer only. False when the ring is full. */
  bool push(const Item &item) noexcept {
    const size_t tail = tail_.load(std::memory_order_relaxed);
    if (tail - head_.load(std::memory_order_acquire) == Capacity)
      return false;
    items_[tail % Capacity] = item;
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

  /** Consumer only. False when the ring is empty. */
  bool pop(Item *item) noexcept {
    const size_t head = head_.load(std::memory_order_relaxed);
    if (head == tail_.load(std::memory_order_acquire))
      return false;
    *item = items_[head % Capacity];
    head_.store(head + 1, std::memory_order_release);
    return true;
  }

  /** Consumer only: the oldest item stays in the ring. Null when it is empty. */
  const Item *peek() const noexcept {
    const size_t head = head_.load(std::memory_order_relaxed);
    return head == tail_.load(std::memory_order_acquire) ? nullptr : &items_[head % Capacity];
  }

private:
  static constexpr size_t kCacheLine = 64; // the two ends are written by different cores

  std::array<Item, Capacity> items_;
  alignas(kCacheLine) std::atomic<size_t> head_{0};
  alignas(kCacheLine) std::atomic<size_t> tail_{0};
};

} // namespace csi
