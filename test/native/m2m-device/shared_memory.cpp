#include "shared_memory.h"

#include "kernel_calls.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cstdio>
#include <new>
#include <utility>

namespace m2m {

bool identify_memfd(int fd, MemoryIdentity &identity, size_t &byte_count) {
  char link[32], target[16];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, target, sizeof target);
  struct stat status;
  if (length < 7 || strncmp(target, "/memfd:", 7) != 0 || fstat(fd, &status) != 0)
    return false;
  identity = {status.st_dev, status.st_ino};
  byte_count = static_cast<size_t>(status.st_size);
  return true;
}

int make_memfd(const char *name, size_t byte_count, int flags) {
  const int fd = memfd_create(name, flags & O_CLOEXEC ? MFD_CLOEXEC : 0);
  if (fd < 0)
    return -errno;
  if (ftruncate(fd, static_cast<off_t>(byte_count)) == 0)
    return fd;
  const int code = errno;
  kernel::close(fd);
  return -code;
}

SharedMemory::SharedMemory(int fd, size_t byte_count, bool is_writable, bool is_owner) :
    fd_(is_owner ? fd : -1),
    byte_count_(byte_count) {
  void *start = kernel::mmap(nullptr, byte_count, PROT_READ | (is_writable ? PROT_WRITE : 0), MAP_SHARED, fd, 0);
  if (start == MAP_FAILED) {
    if (is_owner)
      kernel::close(fd);
    throw std::bad_alloc();
  }
  data_ = static_cast<uint8_t *>(start);
}

SharedMemory::SharedMemory(SharedMemory &&other) noexcept :
    fd_(std::exchange(other.fd_, -1)),
    data_(std::exchange(other.data_, nullptr)),
    byte_count_(std::exchange(other.byte_count_, 0)) {}

SharedMemory &SharedMemory::operator=(SharedMemory &&other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(data_, other.data_);
  std::swap(byte_count_, other.byte_count_);
  return *this;
}

SharedMemory::~SharedMemory() {
  if (data_)
    kernel::munmap(data_, byte_count_);
  if (fd_ >= 0)
    kernel::close(fd_);
}

} // namespace m2m
