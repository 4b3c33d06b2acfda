#include "doorbell.h"

#include "error.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <cstdint>
#include <cstring>

namespace csi {

Doorbell::Doorbell() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (event_.get() < 0) {
    const int code = errno;
    throw Error(-code, std::string("no eventfd: ") + std::strerror(code));
  }
}

void Doorbell::ring() noexcept {
  const uint64_t one = 1;
  while (write(fd(), &one, sizeof one) < 0 && errno == EINTR) {
  }
}

void Doorbell::answer() noexcept {
  uint64_t rings;
  while (read(fd(), &rings, sizeof rings) < 0 && errno == EINTR) {
  }
}

void Doorbell::wait(int timeout_ms) noexcept {
  pollfd entry = {fd(), POLLIN, 0};
  poll(&entry, 1, timeout_ms); // EINTR: the caller looks at its state and comes back
  answer();
}

} // namespace csi
