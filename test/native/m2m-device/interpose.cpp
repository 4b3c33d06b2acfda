// A library for LD_PRELOAD that adds V4L2 encoder nodes to a machine that has none, for tests of programs that use
// them: libc's names for opening, closing, ioctl, mmap and poll, which know our descriptors and pass all others on.
//
// It really encodes, with libx264 or libjpeg-turbo, from the program's own buffers. What it is and what goes wrong:
// switches.h. What it saw, also of rules that were broken: CSI_TEST_M2M_REPORT=FILE, journal.cpp.
//
// What it can't show of a real device:
// - Timing. A hardware encoder has a depth and a rate of its own; this one takes the CPU's time.
// - Memory. A memfd is coherent and needs no IOMMU and no contiguous pages: a forgotten DMA_BUF_IOCTL_SYNC is counted
//   here but does no harm; an import that a real device refuses may succeed. MMAP buffers are cached; a driver's often
//   aren't.
// - The firmware: its rate control, its VUI, its limits, its own mistakes, which sizes it accepts and then fails at.
// - The kernel below: raw system calls, io_uring and epoll on our descriptors, dup() of them, stat() of their paths,
//   /sys and udev.
#include "context.h"
#include "dma_bufs.h"
#include "dma_heap.h"
#include "kernel_calls.h"
#include "mappings.h"
#include "poll_any.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <cstdlib>

namespace m2m {
namespace {

/** Errors come as errno. */
int give(int result) {
  if (result >= 0)
    return result;
  errno = -result;
  return -1;
}

/** A descriptor for something of ours. It is a character device's (/dev/null), with the flags that were asked for. */
int open_stand_in(int flags) {
  return kernel::open_at(AT_FDCWD, "/dev/null", flags & ~(O_CREAT | O_EXCL | O_TRUNC));
}

int open_node(Node &node, int flags) {
  if (node.switches.open_error != 0)
    return give(-node.switches.open_error);
  const int fd = open_stand_in(flags);
  if (fd >= 0)
    insert_fake(fd, std::make_shared<Context>(node, journal().open_context(node.switches.node), fd));
  return fd;
}

/** The absolute path of what is opened, if it may be one of ours. */
std::string absolute_path(int directory, const char *path) {
  if (*path == '/' || directory == AT_FDCWD)
    return path;
  char link[32], target[PATH_MAX];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
  const ssize_t length = readlink(link, target, sizeof target);
  return length < 0 ? path : std::string(target, static_cast<size_t>(length)) + "/" + path;
}

int open_any(int directory, const char *path, int flags, mode_t mode) {
  // Most files are no devices: say so before anything allocates.
  if (!path || (strncmp(path, "/dev/", 5) != 0 && strncmp(path, "video", 5) != 0))
    return kernel::open_at(directory, path, flags, mode);
  const std::string wanted = absolute_path(directory, path);
  if (Node *node = find_node(wanted))
    return open_node(*node, flags);
  if (!is_dma_heap(wanted))
    return kernel::open_at(directory, path, flags, mode);
  const int fd = open_stand_in(flags);
  if (fd >= 0)
    insert_fake(fd, std::make_shared<DmaHeap>());
  return fd;
}

int close_any(int fd) {
  // The file goes before the descriptor's number is free for others.
  remove_fake(fd).reset();
  dma_bufs().closing(fd);
  return kernel::close(fd);
}

int ioctl_any(int fd, unsigned long request, void *argument) {
  if (const std::shared_ptr<FakeFile> file = find_fake(fd))
    return give(file->ioctl(static_cast<uint32_t>(request), argument));
  if (request == DMA_BUF_IOCTL_SYNC) {
    const int result = dma_bufs().sync(fd, *static_cast<const dma_buf_sync *>(argument));
    if (result != -ENOTTY)
      return give(result);
  }
  return kernel::ioctl(fd, request, argument);
}

void *mmap_any(void *address, size_t byte_count, int protection, int flags, int fd, off_t offset) {
  const std::shared_ptr<FakeFile> file = fd >= 0 ? find_fake(fd) : nullptr;
  if (!file)
    return kernel::mmap(address, byte_count, protection, flags, fd, offset);
  void *mapped = nullptr;
  return give(file->map(address, byte_count, protection, flags, offset, &mapped)) == 0 ? mapped : MAP_FAILED;
}

void report_at_exit() {
  dma_bufs().report_open();
  journal().write();
}

/** Mistakes in CSI_TEST_M2M show at once. */
__attribute__((constructor)) void begin() {
  nodes();
  std::atexit(report_at_exit);
  std::at_quick_exit(report_at_exit); // Bun's way out
}

mode_t mode_of(int flags, va_list arguments) {
  return flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
}

} // namespace
} // namespace m2m

#define EXPORTED extern "C" __attribute__((visibility("default")))

EXPORTED int open(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = m2m::mode_of(flags, arguments);
  va_end(arguments);
  return m2m::open_any(AT_FDCWD, path, flags, mode);
}

EXPORTED int openat(int directory, const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = m2m::mode_of(flags, arguments);
  va_end(arguments);
  return m2m::open_any(directory, path, flags, mode);
}

// The same by other names. On 64 bits the large-file variants are what the plain ones are.
EXPORTED int open64(const char *path, int flags, ...) __attribute__((alias("open")));
EXPORTED int openat64(int directory, const char *path, int flags, ...) __attribute__((alias("openat")));

// From here on what _FORTIFY_SOURCE makes of the above.
EXPORTED int __open_2(const char *path, int flags) {
  return m2m::open_any(AT_FDCWD, path, flags, 0);
}
EXPORTED int __open64_2(const char *path, int flags) {
  return m2m::open_any(AT_FDCWD, path, flags, 0);
}
EXPORTED int __openat_2(int directory, const char *path, int flags) {
  return m2m::open_any(directory, path, flags, 0);
}
EXPORTED int __openat64_2(int directory, const char *path, int flags) {
  return m2m::open_any(directory, path, flags, 0);
}
EXPORTED int __poll_chk(pollfd *fds, nfds_t count, int timeout_ms, size_t) {
  return m2m::poll_milliseconds(fds, count, timeout_ms);
}
EXPORTED int __ppoll_chk(pollfd *fds, nfds_t count, const timespec *timeout, const sigset_t *signals, size_t) {
  return m2m::poll_any(fds, count, timeout, signals);
}

EXPORTED int close(int fd) {
  return m2m::close_any(fd);
}

EXPORTED int ioctl(int fd, unsigned long request, ...) noexcept {
  va_list arguments;
  va_start(arguments, request);
  void *argument = va_arg(arguments, void *);
  va_end(arguments);
  return m2m::ioctl_any(fd, request, argument);
}

EXPORTED void *mmap(void *address, size_t byte_count, int protection, int flags, int fd, off_t offset) noexcept {
  return m2m::mmap_any(address, byte_count, protection, flags, fd, offset);
}
EXPORTED void *mmap64(void *address, size_t byte_count, int protection, int flags, int fd, off64_t offset) noexcept {
  return m2m::mmap_any(address, byte_count, protection, flags, fd, offset);
}

EXPORTED int munmap(void *address, size_t byte_count) noexcept {
  m2m::forget_mapping(address);
  return m2m::kernel::munmap(address, byte_count);
}

EXPORTED int poll(pollfd *fds, nfds_t count, int timeout_ms) {
  return m2m::poll_milliseconds(fds, count, timeout_ms);
}

EXPORTED int ppoll(pollfd *fds, nfds_t count, const timespec *timeout, const sigset_t *signals) {
  return m2m::poll_any(fds, count, timeout, signals);
}
