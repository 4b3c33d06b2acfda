#include "wake_socket.h"

#include "error.h"

#include <sys/socket.h>

#include <cstring>

namespace csi {

WakeSocket::WakeSocket() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) {
    const int code = errno;
    throw Error(-code, std::string("no wake-up socket: ") + std::strerror(code));
  }
  reader_ = Fd(ends[0]);
  writer_ = Fd(ends[1]);
}

void WakeSocket::wake() noexcept {
  const char byte = 1;
  // A reader that has closed its end wants to know nothing more.
  while (send(writer_.get(), &byte, 1, MSG_NOSIGNAL) < 0 && errno == EINTR) {
  }
}

} // namespace csi
