#include "dma_bufs.h"

#include "journal.h"

#include <errno.h>
#include <unistd.h>

#include <string>
#include <tuple>

namespace m2m {
namespace {

std::string name_of(const MemoryIdentity &memory) {
  return "dmabuf " + std::to_string(memory.inode);
}

std::string kind_of(bool is_write) {
  return is_write ? "WRITE" : "READ";
}

} // namespace

bool DmaBufs::Access::operator<(const Access &other) const {
  return std::tie(memory, thread, is_write) < std::tie(other.memory, other.thread, other.is_write);
}

int DmaBufs::sync(int fd, const dma_buf_sync &sync) {
  MemoryIdentity memory;
  size_t byte_count;
  if (!identify_memfd(fd, memory, byte_count))
    return -ENOTTY;
  if ((sync.flags & ~uint64_t{DMA_BUF_SYNC_VALID_FLAGS_MASK}) != 0 || (sync.flags & DMA_BUF_SYNC_RW) == 0)
    return -EINVAL;
  const bool is_end = (sync.flags & DMA_BUF_SYNC_END) != 0;
  const std::lock_guard lock(mutex_);
  for (const bool is_write : {false, true}) {
    if ((sync.flags & (is_write ? DMA_BUF_SYNC_WRITE : DMA_BUF_SYNC_READ)) == 0)
      continue;
    const Access access = {memory, gettid(), is_write};
    if (!is_end) {
      if (!open_.insert(access).second)
        journal().violation(name_of(memory) + ": START " + kind_of(is_write) + " twice without an END");
    } else if (open_.erase(access) == 0) {
      journal().violation(name_of(memory) + ": END " + kind_of(is_write) + " without a START");
    } else {
      journal().count_sync(is_write);
    }
  }
  open_count_ = open_.size();
  return 0;
}

void DmaBufs::device_takes(const MemoryIdentity &identity) {
  if (open_count_ == 0)
    return;
  const std::lock_guard lock(mutex_);
  for (const Access &access : open_)
    if (access.memory == identity && (access.is_write || access.thread == gettid()))
      journal().violation(name_of(identity) + " was queued between START " + kind_of(access.is_write) + " and END");
}

void DmaBufs::closing(int fd) {
  if (open_count_ == 0)
    return;
  MemoryIdentity memory;
  size_t byte_count;
  if (!identify_memfd(fd, memory, byte_count))
    return;
  const std::lock_guard lock(mutex_);
  for (auto access = open_.begin(); access != open_.end();) {
    if (!(access->memory == memory)) {
      ++access;
      continue;
    }
    journal().violation(name_of(memory) + " was closed between START " + kind_of(access->is_write) + " and END");
    access = open_.erase(access);
  }
  open_count_ = open_.size();
}

void DmaBufs::report_open() {
  const std::lock_guard lock(mutex_);
  for (const Access &access : open_)
    journal().violation(name_of(access.memory) + " was left between START " + kind_of(access.is_write) + " and END");
}

DmaBufs &dma_bufs() {
  static DmaBufs &only = *new DmaBufs;
  return only;
}

} // namespace m2m
