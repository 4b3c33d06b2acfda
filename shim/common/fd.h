// A file descriptor that closes itself.
#pragma once

#include <unistd.h>

#include <utility>

namespace csi {

class Fd {
public:
  Fd() = default;
  explicit Fd(int fd) noexcept : fd_(fd) {}
  Fd(Fd &&other) noexcept : fd_(other.release()) {}
  Fd &operator=(Fd &&other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd() {
    if (fd_ >= 0)
      close(fd_);
  }

  int get() const noexcept { return fd_; }

  /** Gives the descriptor away: the caller closes it. */
  int release() noexcept { return std::exchange(fd_, -1); }

private:
  int fd_ = -1;
};

} // namespace csi
