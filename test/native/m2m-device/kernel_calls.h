// What the interposed names do otherwise, as system calls: looking up libc's own functions may allocate, and an
// allocator may come back through mmap().
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>

namespace m2m::kernel {

inline int open_at(int directory, const char *path, int flags, mode_t mode = 0) {
  return static_cast<int>(syscall(SYS_openat, directory, path, flags, mode));
}

inline int close(int fd) {
  return static_cast<int>(syscall(SYS_close, fd));
}

inline int ioctl(int fd, unsigned long request, void *argument) {
  return static_cast<int>(syscall(SYS_ioctl, fd, request, argument));
}

inline void *mmap(void *address, size_t byte_count, int protection, int flags, int fd, off_t offset) {
  return reinterpret_cast<void *>(syscall(SYS_mmap, address, byte_count, protection, flags, fd, offset));
}

inline int munmap(void *address, size_t byte_count) {
  return static_cast<int>(syscall(SYS_munmap, address, byte_count));
}

/** `timeout` as the kernel wants it: it may be changed. */
inline int poll(pollfd *fds, nfds_t count, timespec *timeout, const sigset_t *signals) {
  constexpr size_t kernel_sigset_bytes = 8;
  return static_cast<int>(syscall(SYS_ppoll, fds, count, timeout, signals, kernel_sigset_bytes));
}

} // namespace m2m::kernel
