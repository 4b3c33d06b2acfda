// What stands behind a descriptor that the program got from us.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>

namespace m2m {

class FakeFile {
public:
  virtual ~FakeFile() = default;

  /** 0 or -errno. */
  virtual int ioctl(uint32_t request, void *argument) = 0;

  /** What poll() says now, of what is asked for. */
  virtual short poll_events(short) { return 0; }
  /** A descriptor that becomes readable when that may have changed; -1: it never does. */
  virtual int change_fd() const { return -1; }
  /** The changes so far are known: wait for further ones. */
  virtual void forget_changes() {}

  /** Maps a buffer: 0 and where, or -errno. */
  virtual int map(void *, size_t, int, int, off_t, void **) { return -19; }
};

/** Which descriptors are ours. Lookups of others cost an atomic load, and work before anything was initialised. */
void insert_fake(int fd, std::shared_ptr<FakeFile> file);
std::shared_ptr<FakeFile> find_fake(int fd);
std::shared_ptr<FakeFile> remove_fake(int fd);

} // namespace m2m
