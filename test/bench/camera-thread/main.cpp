// What our code on libcamera's thread takes of that thread's time:
//
//   bench-camera-thread FRAMES FRAMES_PER_SECOND BAD_EVERY
//
// A camera that pretends completes requests at 1456x1088, with a Raspberry Pi's metadata, on a thread of libcamera's
// own and through its signal into the objects of libcsi_camera.so. Between them that thread reads a picture and sleeps,
// so that little of ours stays in its caches; another one sleeps in epoll_wait(2) for the wake-up. Prints all CPU times
// as JSON. Exit status 1: an event was not what the camera sent, or did not come.
#include "frame_taker.h"

#include <cstdio>
#include <cstdlib>
#include <exception>

namespace {

constexpr int64_t kSecondNs = 1'000'000'000;

void print(const char *name, const std::vector<int64_t> &times) {
  std::printf("\"%s\":[", name);
  const char *separator = "";
  for (const int64_t ns : times) {
    std::printf("%s%lld", separator, static_cast<long long>(ns));
    separator = ",";
  }
  std::printf("]");
}

int measure(uint32_t frames, uint32_t frames_per_second, uint32_t bad_every) {
  PretendedCamera camera({1456, 1088, 1536, kSecondNs / frames_per_second, bad_every});
  csi::CameraPort port;
  camera.requestCompleted.connect(&port.sink(), &csi::CompletionSink::request_completed);
  FrameTaker taker(port, camera);
  const CpuTimes times = camera.run(frames);
  taker.finish();
  camera.requestCompleted.disconnect(&port.sink());

  // A bad request goes back to the camera before its event is taken: a taker that is late lets the ring run full.
  const uint64_t missed = port.overflow_count();
  if (taker.taken_count() + missed != frames || taker.wrong_count() > 0 || (missed > 0 && bad_every == 0)) {
    std::fprintf(stderr, "bench-camera-thread: of %u frames %u were taken, %u of them wrong; %llu found no room\n",
                 frames, taker.taken_count(), taker.wrong_count(), static_cast<unsigned long long>(missed));
    return 1;
  }
  std::printf("{");
  print("goodNs", times.good);
  std::printf(",");
  print("badNs", times.bad);
  std::printf(",");
  print("wakeNs", times.wake);
  std::printf(",");
  print("clockNs", times.clock);
  std::printf("}\n");
  return 0;
}

uint32_t number(const char *text) {
  return static_cast<uint32_t>(std::strtoul(text, nullptr, 10));
}

} // namespace

int main(int count, char **words) {
  if (count != 4 || number(words[2]) == 0) {
    std::fprintf(stderr, "expected FRAMES FRAMES_PER_SECOND BAD_EVERY\n");
    return 2;
  }
  try {
    return measure(number(words[1]), number(words[2]), number(words[3]));
  } catch (const std::exception &error) {
    std::fprintf(stderr, "bench-camera-thread: %s\n", error.what());
    return 1;
  }
}
