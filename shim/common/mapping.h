// A piece of a device's memory, mapped as long as it lives.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace csi {

class Mapping {
public:
  Mapping() = default;
  /** Adopts what mmap() returned. */
  Mapping(void *address, size_t byte_count) noexcept : address_(address), byte_count_(byte_count) {}
  Mapping(Mapping &&other) noexcept :
      address_(std::exchange(other.address_, nullptr)),
      byte_count_(std::exchange(other.byte_count_, 0)) {}
  Mapping &operator=(Mapping &&other) noexcept {
    std::swap(address_, other.address_);
    std::swap(byte_count_, other.byte_count_);
    return *this;
  }
  ~Mapping() {
    if (address_)
      munmap(address_, byte_count_);
  }

  uint8_t *bytes() const noexcept { return static_cast<uint8_t *>(address_); }
  size_t byte_count() const noexcept { return byte_count_; }

private:
  void *address_ = nullptr;
  size_t byte_count_ = 0;
};

} // namespace csi
