// How long csi::CompletionSink::request_completed() takes of libcamera's thread with a real camera: the linker puts
// this before it (--wrap), in a libcsi_camera.so of its own. A line for each request goes to the file $CSI_BENCH_TIMES:
// CPU time with one reading of its clock, and that of one reading, ns.
#include "completion_sink.h"

#include <fcntl.h>
#include <stdio.h>
#include <time.h>

#include <cstdlib>

namespace {

long long cpu_time_ns() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

int open_times() {
  const char *const path = std::getenv("CSI_BENCH_TIMES");
  return path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644) : -1;
}

} // namespace

using csi::CompletionSink;
using libcamera::Request;

void real_slot(CompletionSink *sink,
               Request *request) asm("__real__ZN3csi14CompletionSink17request_completedEPN9libcamera7RequestE");
void timed_slot(CompletionSink *sink,
                Request *request) asm("__wrap__ZN3csi14CompletionSink17request_completedEPN9libcamera7RequestE");

void timed_slot(CompletionSink *sink, Request *request) {
  static const int times = open_times();
  const long long before = cpu_time_ns();
  real_slot(sink, request);
  const long long after = cpu_time_ns();
  const long long clock = cpu_time_ns() - after;
  dprintf(times, "%lld %lld\n", after - before, clock);
}
