#include "session.h"

#include "error.h"
#include "find_cameras.h"
#include "negotiate.h"
#include "start_manager.h"

#include <algorithm>
#include <array>
#include <cstring>

// Like all of this folder written in what libcamera 0.0.3 (Debian 12) to 0.7 have in common, which
// scripts/check-libcamera.sh holds it to: the orientation and exposure modes that changed are left alone, text
// properties are copied, metadata is only read.

namespace csi {
namespace {

/** libcamera's functions give 0 or -errno. */
void check(int result, const std::string &what) {
  if (result < 0)
    throw Error(result, what + ": " + std::strerror(-result));
}

void copy_text(char (&to)[CSI_CAMERA_TEXT_MAX], const std::string &text) {
  std::strncpy(to, text.c_str(), sizeof to - 1);
}

/** `wanted_us`, kept within what the camera can do at this configuration; 0 when it has no such control. */
int64_t frame_duration_us(const libcamera::Camera &camera, int64_t wanted_us) {
  const auto control = camera.controls().find(libcamera::controls::FrameDurationLimits.id());
  if (control == camera.controls().end() || wanted_us == 0)
    return 0;
  const libcamera::ControlValue &minimum = control->second.min();
  const libcamera::ControlValue &maximum = control->second.max();
  for (const auto *limit : {&minimum, &maximum})
    if (limit->type() != libcamera::ControlTypeInteger64 || limit->isArray())
      return wanted_us;
  const auto least = minimum.get<int64_t>(), most = maximum.get<int64_t>();
  return least < most ? std::clamp(wanted_us, least, most) : wanted_us;
}

} // namespace

Session::~Session() {
  sink_.ignore(); // what is queued comes back cancelled
  if (camera_) {
    camera_->stop();
    detach_sink();
  }
  requests_.clear();
  allocator_.reset();
  configuration_.reset();
  if (camera_)
    camera_->release();
  camera_.reset();
  manager_.reset(); // ends libcamera's thread
}

void Session::abandon() {
  static auto *const left_behind = new std::vector<std::shared_ptr<libcamera::Camera>>; // never freed, by intent
  sink_.ignore();
  manager_->stop();
  detach_sink(); // libcamera's thread is gone: no signal is on its way
  left_behind->push_back(std::exchange(camera_, nullptr));
}

void Session::detach_sink() {
  camera_->requestCompleted.disconnect(&sink_);
  camera_->disconnected.disconnect(&sink_);
}

bool Session::open(const CsiCameraConfig &config, const std::atomic<bool> &cancelled) {
  for (const auto step :
       {&Session::start_manager, &Session::acquire, &Session::configure, &Session::allocate, &Session::start}) {
    if (cancelled)
      return false;
    (this->*step)(config);
  }
  return true;
}

int Session::queue(uint32_t buffer) {
  libcamera::Request &request = *requests_[buffer];
  request.reuse(libcamera::Request::ReuseBuffers);
  set_frame_duration(request.controls()); // reuse() forgets them
  return camera_->queueRequest(&request);
}

void Session::start_manager(const CsiCameraConfig &) {
  manager_ = std::make_unique<libcamera::CameraManager>();
  check(csi::start_manager(*manager_), "libcamera does not start");
}

void Session::acquire(const CsiCameraConfig &config) {
  const auto camera = find_camera(*manager_, config);
  const int result = camera->acquire();
  if (result == -EBUSY)
    throw Error(-EBUSY, "camera " + camera->id() + " is held by another process");
  check(result, "camera " + camera->id() + " cannot be acquired");
  camera_ = camera;
  copy_text(stream_.camera_id, camera_->id());
  copy_text(stream_.model, model_of(*camera_));
}

void Session::configure(const CsiCameraConfig &config) {
  auto [configuration, layout] = negotiate(*camera_, config);
  check(camera_->configure(configuration.get()),
        "camera " + camera_->id() + " refuses " + configuration->at(0).toString());
  stream_.layout = layout;
  configuration_ = std::move(configuration);
}

void Session::allocate(const CsiCameraConfig &) {
  libcamera::Stream *const stream = configuration_->at(0).stream();
  allocator_ = std::make_unique<libcamera::FrameBufferAllocator>(camera_);
  check(allocator_->allocate(stream), "camera " + camera_->id() + " has no memory for its buffers");
  for (const auto &buffer : allocator_->buffers(stream)) {
    if (requests_.size() == CSI_BUFFERS_MAX)
      break;
    auto request = camera_->createRequest(requests_.size());
    if (!request)
      throw Error(-ENOMEM, "camera " + camera_->id() + " makes no requests");
    check(request->addBuffer(stream, buffer.get()), "camera " + camera_->id() + " refuses its own buffer");
    memory_.emplace_back(*buffer, stream_.layout);
    requests_.push_back(std::move(request));
  }
  stream_.buffer_count = static_cast<uint32_t>(requests_.size());
}

void Session::start(const CsiCameraConfig &config) {
  stream_.frame_duration_us = frame_duration_us(*camera_, config.frame_duration_us);
  libcamera::ControlList controls(camera_->controls());
  set_frame_duration(controls);
  camera_->requestCompleted.connect(&sink_, &CompletionSink::request_completed);
  camera_->disconnected.connect(&sink_, &CompletionSink::disconnected);
  check(camera_->start(&controls), "camera " + camera_->id() + " does not start");
}

void Session::set_frame_duration(libcamera::ControlList &controls) const {
  if (stream_.frame_duration_us == 0)
    return;
  const std::array<int64_t, 2> limits = {stream_.frame_duration_us, stream_.frame_duration_us};
  controls.set(libcamera::controls::FrameDurationLimits, libcamera::Span<const int64_t, 2>(limits));
}

} // namespace csi
