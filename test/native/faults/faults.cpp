// Faults of the system and of libx264, made where they happen: preloaded into the program by test/support/faults.ts,
// which sets them in a file that both have in memory.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <initializer_list>

namespace {

/** The file's content; faults.ts writes the same. */
struct Faults {
  std::atomic<int64_t> wall_clock_offset_ns;
  /** Not 0: libx264 encodes nothing any more. */
  std::atomic<int64_t> x264_fails;
};
static_assert(sizeof(Faults) == 16);

const Faults &map_faults() {
  static Faults none = {};
  const char *const path = std::getenv("CSI_TEST_FAULTS");
  const int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  void *const memory = fd < 0 ? MAP_FAILED : mmap(nullptr, sizeof(Faults), PROT_READ, MAP_SHARED, fd, 0);
  if (fd >= 0)
    close(fd);
  return memory == MAP_FAILED ? none : *static_cast<const Faults *>(memory);
}

const Faults &faults() {
  static const Faults &mapped = map_faults();
  return mapped;
}

using Dlsym = void *(void *, const char *);

/** libc's own, which can't be asked for by a dlsym(). */
Dlsym *real_dlsym() {
  static Dlsym *const found = [] {
    void *symbol = nullptr;
    for (const char *version : {"GLIBC_2.34", "GLIBC_2.17", "GLIBC_2.2.5"})
      if (!symbol)
        symbol = dlvsym(RTLD_NEXT, "dlsym", version);
    return reinterpret_cast<Dlsym *>(symbol);
  }();
  return found;
}

template <typename Function>
Function *next(const char *name) {
  return reinterpret_cast<Function *>(real_dlsym()(RTLD_NEXT, name));
}

} // namespace

extern "C" __attribute__((visibility("default"))) int clock_gettime(clockid_t clock, timespec *time) noexcept {
  static auto *const real = next<int(clockid_t, timespec *)>("clock_gettime");
  const int result = real(clock, time);
  if (result != 0 || clock != CLOCK_REALTIME)
    return result;
  const int64_t offset_ns = faults().wall_clock_offset_ns;
  if (offset_ns == 0)
    return result;
  const int64_t ns = time->tv_sec * INT64_C(1000000000) + time->tv_nsec + offset_ns;
  time->tv_sec = ns / 1000000000;
  time->tv_nsec = ns % 1000000000;
  return result;
}

/** bun:ffi looks for functions in the library that it was told, and would find libc's. */
extern "C" __attribute__((visibility("default"))) void *dlsym(void *library, const char *name) noexcept {
  if (std::strcmp(name, "clock_gettime") == 0 && library != RTLD_NEXT)
    return reinterpret_cast<void *>(&clock_gettime);
  return real_dlsym()(library, name);
}

extern "C" __attribute__((visibility("default"))) int x264_encoder_encode(void *encoder, void *nals, int *nal_count,
                                                                          void *in, void *out) {
  static auto *const real = next<int(void *, void *, int *, void *, void *)>("x264_encoder_encode");
  return faults().x264_fails != 0 ? -1 : real(encoder, nals, nal_count, in, out);
}
