// What is known of memory that stands in for dmabufs: who on the CPU announced to be at it (DMA_BUF_IOCTL_SYNC), and
// whether that was kept to.
#pragma once

#include "shared_memory.h"

#include <linux/dma-buf.h>
#include <sys/types.h>

#include <atomic>
#include <mutex>
#include <set>

namespace m2m {

/** Thread safe. */
class DmaBufs {
public:
  /** DMA_BUF_IOCTL_SYNC on a memfd. 0 or -errno; -ENOTTY: that is none. */
  int sync(int fd, const dma_buf_sync &sync);

  /** QBUF: from now on a device reads it. */
  void device_takes(const MemoryIdentity &identity);

  /** The program closes a descriptor. */
  void closing(int fd);

  /** At the process's end: whoever still is between START and END. */
  void report_open();

private:
  /** A thread's access: others may be at the same memory meanwhile, but each for itself. */
  struct Access {
    MemoryIdentity memory;
    pid_t thread;
    bool is_write;
    bool operator<(const Access &other) const;
  };

  std::mutex mutex_;
  std::set<Access> open_;
  std::atomic<size_t> open_count_{0};
};

DmaBufs &dma_bufs();

} // namespace m2m
