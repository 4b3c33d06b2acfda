// Writes the time to a Unix socket so many times a second until that is closed, ns in 8 bytes: a camera whose frame is
// complete. It wakes as libcamera's thread does, and asks for the time right before it wakes the reader.
//
//   bench-ticker SOCKET FRAMES_PER_SECOND
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace {

constexpr int64_t kSecondNs = 1'000'000'000;

int64_t now_ns() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * kSecondNs + now.tv_nsec;
}

void sleep_until(int64_t ns) {
  const timespec until = {static_cast<time_t>(ns / kSecondNs), static_cast<long>(ns % kSecondNs)};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
}

int fail(const char *what) {
  std::fprintf(stderr, "bench-ticker: %s: %s\n", what, std::strerror(errno));
  return 1;
}

} // namespace

int main(int argc, char **argv) {
  const double rate = argc == 3 ? std::atof(argv[2]) : 0;
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (!(rate > 0) || std::strlen(argv[1]) >= sizeof address.sun_path) {
    std::fprintf(stderr, "bench-ticker: expected SOCKET FRAMES_PER_SECOND\n");
    return 2;
  }
  std::strcpy(address.sun_path, argv[1]);
  const int reader = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (reader < 0 || connect(reader, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
    return fail(argv[1]);
  const int64_t start_ns = now_ns();
  for (int64_t frame = 1;; ++frame) {
    sleep_until(start_ns + static_cast<int64_t>(static_cast<double>(frame * kSecondNs) / rate));
    const int64_t time_ns = now_ns();
    if (send(reader, &time_ns, sizeof time_ns, MSG_NOSIGNAL) < 0)
      return errno == EPIPE || errno == ECONNRESET ? 0 : fail("send");
  }
}
