// mark-time DEVICE OFFSET: every 20 ms, CLOCK_MONOTONIC goes to that place of a disk, past the page cache and without a
// flush, and then as a line of nanoseconds to stdout. A log of all that the disk was told so tells the time of it, too.
#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace {

constexpr long interval_ns = 20'000'000;

/** As power/disk-history.ts reads it. */
struct alignas(512) Mark {
  char magic[8];
  int64_t monotonic_ns;
  char rest[496];
};
static_assert(sizeof(Mark) == 512);

} // namespace

int main(int count, char **arguments) {
  const int disk = count == 3 ? open(arguments[1], O_WRONLY | O_DIRECT) : -1;
  if (disk < 0) {
    std::perror("mark-time");
    return 1;
  }
  static Mark mark = {};
  std::memcpy(mark.magic, "csi-mark", sizeof(mark.magic));
  for (;;) {
    timespec now = {};
    clock_gettime(CLOCK_MONOTONIC, &now);
    mark.monotonic_ns = now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
    if (pwrite(disk, &mark, sizeof(mark), std::atol(arguments[2])) != sizeof(mark)) {
      std::perror("mark-time");
      return 1;
    }
    std::printf("%lld\n", static_cast<long long>(mark.monotonic_ns));
    std::fflush(stdout);
    const timespec interval = {0, interval_ns};
    nanosleep(&interval, nullptr);
  }
}
