#include "completion_sink.h"

#include <time.h>

namespace csi {
namespace {

int64_t now_ns(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return static_cast<int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

/** Success of the request is not enough: a buffer with an error comes in a completed one. */
bool is_good(const libcamera::Request &request, const libcamera::FrameMetadata &metadata) {
  return request.status() == libcamera::Request::RequestComplete &&
         metadata.status == libcamera::FrameMetadata::FrameSuccess;
}

} // namespace

void CompletionSink::request_completed(libcamera::Request *request) {
  CsiCameraEvent event = {};
  event.monotonic_ns = now_ns(CLOCK_MONOTONIC);
  event.realtime_ns = now_ns(CLOCK_REALTIME);
  if (ignoring_ || lost_)
    return;
  ++completed_count_;

  const libcamera::FrameMetadata &buffer = request->buffers().begin()->second->metadata();
  const auto &metadata = request->metadata();
  const bool good = is_good(*request, buffer);
  event.kind = good ? CSI_CAMERA_FRAME : CSI_CAMERA_BAD_FRAME;
  event.buffer = static_cast<uint32_t>(request->cookie());
  event.sequence = buffer.sequence;
  event.sensor_timestamp_ns =
      metadata.get(libcamera::controls::SensorTimestamp).value_or(static_cast<int64_t>(buffer.timestamp));
  event.frame_duration_ns = metadata.get(libcamera::controls::FrameDuration).value_or(0) * 1000;

  const bool recorded = events.push(event);
  if (recorded)
    reader_.wake();
  else
    ++overflow_count_;
  if (!recorded || !good)
    refuse({event.buffer, request->status() == libcamera::Request::RequestCancelled});
}

void CompletionSink::disconnected() {
  lost_ = true;
  keeper_.ring();
}

void CompletionSink::refuse(const Refused &request) {
  refused.push(request);
  keeper_.ring();
}

} // namespace csi
