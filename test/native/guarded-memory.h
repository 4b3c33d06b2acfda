// Memory whose last byte is the last one before a page that nobody may touch: a read beyond it is a fault, also in
// assembly code, which no sanitizer instruments.
#pragma once

#include "check.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <utility>

class GuardedMemory {
public:
  explicit GuardedMemory(size_t byte_count) {
    const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    const size_t usable = (byte_count + page - 1) / page * page;
    mapped_bytes_ = usable + page;
    start_ = static_cast<uint8_t *>(
        mmap(nullptr, mapped_bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    CHECK(start_ != MAP_FAILED);
    CHECK(mprotect(start_ + usable, page, PROT_NONE) == 0);
    data_ = start_ + usable - byte_count;
    for (size_t i = 0; i < byte_count; ++i)
      data_[i] = static_cast<uint8_t>(i * 31 + i / 97);
  }
  GuardedMemory(GuardedMemory &&other) :
      start_(std::exchange(other.start_, nullptr)),
      data_(other.data_),
      mapped_bytes_(other.mapped_bytes_) {}
  ~GuardedMemory() {
    if (start_)
      munmap(start_, mapped_bytes_);
  }
  const uint8_t *data() const { return data_; }

private:
  uint8_t *start_;
  uint8_t *data_;
  size_t mapped_bytes_;
};
