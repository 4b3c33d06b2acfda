#include "pretended_camera.h"

#include "picture_metadata.h"
#include "timed_wake.h"

#include <sys/mman.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace {

constexpr uint32_t kBufferCount = 8; // as many as the module asks a camera for
constexpr int64_t kSecondNs = 1'000'000'000;
constexpr int64_t kFirstTimestampNs = 1'234'567'890'123'456;

csi::Fd periodic_timer(int64_t period_ns) {
  csi::Fd timer(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  const timespec period = {period_ns / kSecondNs, period_ns % kSecondNs};
  const itimerspec setting = {period, period};
  if (timer.get() < 0 || timerfd_settime(timer.get(), 0, &setting, nullptr) != 0)
    throw std::system_error(errno, std::generic_category(), "no timer");
  return timer;
}

/** Memory that is mapped as a dmabuf is. */
libcamera::SharedFD picture_memory(size_t byte_count) {
  csi::Fd fd(memfd_create("picture", MFD_CLOEXEC));
  if (fd.get() < 0 || ftruncate(fd.get(), static_cast<off_t>(byte_count)) != 0)
    throw std::system_error(errno, std::generic_category(), "no memory for a picture");
  return libcamera::SharedFD(fd.release());
}

} // namespace

PretendedCamera::PretendedCamera(const Sensor &sensor) :
    sensor_(sensor),
    timer_(periodic_timer(sensor.frame_duration_ns)) {
  const uint32_t chroma_stride = sensor.stride / 2;
  stream_.layout = {
      sensor.width, sensor.height, CSI_PIXEL_YUV420, 3, {sensor.stride, chroma_stride, chroma_stride}, {}};
  stream_.buffer_count = kBufferCount;
  const uint32_t byte_count = sensor.stride * sensor.height * 3 / 2;
  for (uint32_t index = 0; index < kBufferCount; ++index) {
    const std::vector<libcamera::FrameBuffer::Plane> planes = {{picture_memory(byte_count), 0, byte_count}};
    buffers_.push_back(std::make_unique<libcamera::FrameBuffer>(planes));
    requests_.push_back(std::make_unique<libcamera::Request>(nullptr, index));
    requests_.back()->addBuffer(&libcamera_stream_, buffers_.back().get());
    queued_.push_back(index);
  }
  memory_ = memory();
  moveToThread(&own_thread);
  own_thread.start();
}

PretendedCamera::~PretendedCamera() {
  invokeMethod(&PretendedCamera::stop, libcamera::ConnectionTypeBlocking);
  own_thread.exit();
  own_thread.wait();
}

std::vector<csi::FrameMemory> PretendedCamera::memory() const {
  std::vector<csi::FrameMemory> memory;
  for (const auto &buffer : buffers_)
    memory.emplace_back(*buffer, stream_.layout);
  return memory;
}

void PretendedCamera::queue(uint32_t buffer) {
  invokeMethod(&PretendedCamera::take_queued, libcamera::ConnectionTypeQueued, buffer);
}

CpuTimes PretendedCamera::run(uint32_t frames) {
  frames_ = frames;
  for (auto *times : {&times_.good, &times_.bad, &times_.wake, &times_.clock})
    times->reserve(frames);
  invokeMethod(&PretendedCamera::start, libcamera::ConnectionTypeBlocking);
  std::unique_lock lock(mutex_);
  done_.wait(lock, [this] { return is_done_; });
  return std::move(times_);
}

bool PretendedCamera::is_bad(uint32_t sequence) const noexcept {
  return sensor_.bad_every > 0 && sequence % sensor_.bad_every == sensor_.bad_every - 1;
}

int64_t PretendedCamera::sensor_timestamp_ns(uint32_t sequence) const noexcept {
  return kFirstTimestampNs + sequence * sensor_.frame_duration_ns;
}

void PretendedCamera::start() {
  notifier_ = std::make_unique<libcamera::EventNotifier>(timer_.get(), libcamera::EventNotifier::Read);
  notifier_->activated.connect(this, &PretendedCamera::on_timer);
}

void PretendedCamera::stop() {
  notifier_.reset();
}

void PretendedCamera::take_queued(uint32_t buffer) {
  queued_.push_back(buffer);
}

void PretendedCamera::on_timer() {
  uint64_t expirations;
  if (read(timer_.get(), &expirations, sizeof expirations) < 0 || queued_.empty() || completed_count_ == frames_)
    return;
  const uint32_t buffer = queued_.front();
  queued_.pop_front();
  fill(*requests_[buffer], completed_count_);
  complete(*requests_[buffer], is_bad(completed_count_));
  read_picture(buffer);
  if (++completed_count_ == frames_) {
    const std::lock_guard lock(mutex_);
    is_done_ = true;
    done_.notify_one();
  }
}

void PretendedCamera::complete(libcamera::Request &request, bool is_bad) {
  if (!is_bad && completed_count_ % 4 == 0) {
    const TimedWake wake;
    requestCompleted.emit(&request);
    times_.wake.push_back(wake.ns());
    return;
  }
  const int64_t before = cpu_time_ns();
  requestCompleted.emit(&request);
  const int64_t after = cpu_time_ns();
  times_.clock.push_back(cpu_time_ns() - after);
  (is_bad ? times_.bad : times_.good).push_back(after - before);
}

void PretendedCamera::fill(libcamera::Request &request, uint32_t sequence) {
  libcamera::ControlList &metadata = request.metadata();
  metadata.clear();
  describe_picture(metadata);
  metadata.set(libcamera::controls::SensorTimestamp, sensor_timestamp_ns(sequence));
  metadata.set(libcamera::controls::FrameDuration, sensor_.frame_duration_ns / 1000);
  // The pipeline is a friend of the buffer's.
  auto &buffer = const_cast<libcamera::FrameMetadata &>(request.buffers().begin()->second->metadata());
  buffer.status = is_bad(sequence) ? libcamera::FrameMetadata::FrameError : libcamera::FrameMetadata::FrameSuccess;
  buffer.sequence = sequence;
  buffer.timestamp = static_cast<uint64_t>(sensor_timestamp_ns(sequence));
}

/** A process with pictures has other things than this thread's in its caches. */
void PretendedCamera::read_picture(uint32_t buffer) const {
  const CsiCameraBuffer &planes = memory_[buffer].planes();
  for (uint32_t plane = 0; plane < stream_.layout.plane_count; ++plane) {
    const auto *const bytes = reinterpret_cast<const volatile uint8_t *>(planes.plane[plane]);
    constexpr uint64_t kCacheLine = 64;
    for (uint64_t at = 0; at < planes.plane_bytes[plane]; at += kCacheLine)
      bytes[at];
  }
}
