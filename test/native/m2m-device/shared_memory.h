// A picture's or a packet's memory: a memfd, which stands in for what the kernel would allocate or a dmabuf would
// share.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

namespace m2m {

/** Which memory a descriptor means, however often it was duplicated. */
struct MemoryIdentity {
  dev_t device = 0;
  ino_t inode = 0;
  bool operator==(const MemoryIdentity &other) const { return device == other.device && inode == other.inode; }
  bool operator<(const MemoryIdentity &other) const {
    return device != other.device ? device < other.device : inode < other.inode;
  }
};

/** Of a memfd; false for any other descriptor. */
bool identify_memfd(int fd, MemoryIdentity &identity, size_t &byte_count);

/** A new memfd of that size, or -errno. */
int make_memfd(const char *name, size_t byte_count, int flags);

/** A mapping of our own, in which the device reads or writes. */
class SharedMemory {
public:
  SharedMemory() = default;
  /** Throws std::bad_alloc. With `is_owner` the descriptor belongs to this from now on. */
  SharedMemory(int fd, size_t byte_count, bool is_writable, bool is_owner);
  SharedMemory(SharedMemory &&other) noexcept;
  SharedMemory &operator=(SharedMemory &&other) noexcept;
  ~SharedMemory();

  uint8_t *data() const noexcept { return data_; }
  size_t byte_count() const noexcept { return byte_count_; }
  /** -1 if it was imported. */
  int fd() const noexcept { return fd_; }

private:
  int fd_ = -1;
  uint8_t *data_ = nullptr;
  size_t byte_count_ = 0;
};

} // namespace m2m
