#include "wake_pipe.h"

#include "error.h"

#include <fcntl.h>

#include <cstring>

namespace csi {

WakePipe::WakePipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
    const int code = errno;
    throw Error(-code, std::string("no wake-up pipe: ") + std::strerror(code));
  }
  read_end_ = Fd(ends[0]);
  write_end_ = Fd(ends[1]);
}

void WakePipe::wake() noexcept {
  const char byte = 1;
  while (write(write_end_.get(), &byte, 1) < 0 && errno == EINTR) {
  }
}

} // namespace csi
