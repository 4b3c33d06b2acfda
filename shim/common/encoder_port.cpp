#include "encoder_port.h"

#include "error.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace csi {

EncoderPort::EncoderPort(const CsiEncoderConfig &config, const CsiColour &colour) :
    frames_max_(config.queue_frames_max),
    plane_count_(config.input.plane_count),
    info_() {
  info_.colour = colour;
}

int EncoderPort::submit(const CsiEncoderFrame &frame) {
  for (uint32_t i = 0; i < plane_count_; ++i)
    if (frame.plane[i] == 0)
      return -EINVAL;
  {
    std::lock_guard lock(mutex_);
    if (state_ != State::running)
      return -EPIPE;
    if (frame.timestamp_ns <= last_timestamp_ns_)
      return -EINVAL;
    if (releases_owed_ >= frames_max_ || results_owed_ >= 2 * frames_max_)
      return -EAGAIN;
    waiting_.push_back(frame);
    in_flight_.push_back({frame.timestamp_ns, false, false});
    ++releases_owed_;
    ++results_owed_;
    last_timestamp_ns_ = frame.timestamp_ns;
  }
  doorbell_.ring();
  return 0;
}

int EncoderPort::drain() {
  {
    std::lock_guard lock(mutex_);
    if (state_ == State::running)
      state_ = State::draining;
  }
  doorbell_.ring();
  return 0;
}

void EncoderPort::stop() {
  {
    std::lock_guard lock(mutex_);
    if (state_ != State::finished)
      state_ = State::stopping;
  }
  doorbell_.ring();
}

int EncoderPort::take(CsiEncoderEvent *out) {
  std::lock_guard lock(mutex_);
  if (events_.empty()) {
    woken_ = false;
    return -EAGAIN;
  }
  Event &event = events_.front();
  *out = event.head;
  bytes_taken_ = event.head.kind == CSI_EVENT_PACKET || event.head.kind == CSI_EVENT_RESTARTED;
  spare_.give_back(std::move(taken_bytes_));
  taken_bytes_ = std::move(event.bytes);
  events_.pop_front();
  if (out->kind == CSI_EVENT_RELEASED)
    --releases_owed_;
  else if (out->kind == CSI_EVENT_PACKET || out->kind == CSI_EVENT_SKIPPED)
    --results_owed_;
  return 0;
}

int EncoderPort::read(uint8_t *destination, uint32_t capacity) {
  if (!bytes_taken_)
    return -EINVAL;
  if (capacity < taken_bytes_.size())
    return -ENOSPC;
  std::memcpy(destination, taken_bytes_.data(), taken_bytes_.size());
  return 0;
}

int EncoderPort::info(CsiEncoderInfo *out) {
  std::lock_guard lock(mutex_);
  *out = info_;
  return 0;
}

const char *EncoderPort::error() {
  std::lock_guard lock(mutex_);
  return error_.c_str(); // written once, by fail(), and never again: the pointer stays good
}

EncoderPort::Ask EncoderPort::next(CsiEncoderFrame *frame) {
  std::lock_guard lock(mutex_);
  if (state_ == State::stopping)
    return Ask::stop;
  if (waiting_.empty())
    return state_ == State::draining ? Ask::drain : Ask::nothing;
  *frame = waiting_.front();
  waiting_.pop_front();
  return Ask::frame;
}

EncoderPort::Quiet::Quiet(EncoderPort &port) : port_(port) {
  std::lock_guard lock(port_.mutex_);
  port_.quiet_ = true;
}

EncoderPort::Quiet::~Quiet() {
  bool is_due;
  {
    std::lock_guard lock(port_.mutex_);
    port_.quiet_ = false;
    is_due = port_.wake_due();
  }
  // After unlocking: the caller takes events at once, and would have to wait for the lock.
  if (is_due)
    port_.wake_.wake();
}

bool EncoderPort::stop_asked() {
  std::lock_guard lock(mutex_);
  return state_ == State::stopping;
}

EncoderPort::Ask EncoderPort::wait(CsiEncoderFrame *frame) {
  for (;;) {
    const Ask ask = next(frame);
    if (ask != Ask::nothing)
      return ask;
    doorbell_.wait();
  }
}

void EncoderPort::opened(const std::string &name, bool zero_copy) {
  std::lock_guard lock(mutex_);
  describe(name, zero_copy);
  push(CSI_EVENT_OPENED, 0);
}

void EncoderPort::restarted(const std::string &name, bool zero_copy, const std::string &sentence) {
  std::lock_guard lock(mutex_);
  describe(name, zero_copy);
  push(CSI_EVENT_RESTARTED, 0, 0, std::vector<uint8_t>(sentence.begin(), sentence.end()));
}

void EncoderPort::copied() {
  std::lock_guard lock(mutex_);
  ++info_.copied_frames;
}

void EncoderPort::released(int64_t timestamp_ns) {
  std::lock_guard lock(mutex_);
  release(find(timestamp_ns));
  forget_finished_frames();
}

void EncoderPort::packet(int64_t timestamp_ns, bool key, std::vector<uint8_t> bytes) {
  std::lock_guard lock(mutex_);
  resolve(timestamp_ns);
  push(CSI_EVENT_PACKET, timestamp_ns, key ? CSI_PACKET_KEY : 0, std::move(bytes));
  forget_finished_frames();
}

void EncoderPort::skipped(int64_t timestamp_ns, CsiSkipReason reason) {
  std::lock_guard lock(mutex_);
  resolve(timestamp_ns);
  push(CSI_EVENT_SKIPPED, timestamp_ns, reason);
  forget_finished_frames();
}

void EncoderPort::finish() {
  std::lock_guard lock(mutex_);
  const bool drained = state_ == State::draining;
  state_ = State::finished;
  resolve_all(CSI_SKIP_SWALLOWED);
  if (drained)
    push(CSI_EVENT_DRAINED, 0);
}

void EncoderPort::fail(int result, const std::string &sentence) {
  std::lock_guard lock(mutex_);
  state_ = State::finished;
  error_ = sentence;
  resolve_all(CSI_SKIP_LOST);
  push(CSI_EVENT_FAILED, 0);
  events_.back().head.result = result;
}

void EncoderPort::describe(const std::string &name, bool zero_copy) {
  info_.zero_copy = zero_copy;
  std::snprintf(info_.name, sizeof info_.name, "%s", name.c_str());
}

void EncoderPort::push(uint32_t kind, int64_t timestamp_ns, uint32_t flags, std::vector<uint8_t> bytes) {
  const auto byte_count = static_cast<uint32_t>(bytes.size());
  events_.push_back({{kind, flags, timestamp_ns, byte_count, 0}, std::move(bytes)});
  wake();
}

void EncoderPort::wake() {
  if (wake_due())
    wake_.wake();
}

bool EncoderPort::wake_due() {
  if (quiet_ || woken_ || events_.empty())
    return false;
  woken_ = true;
  return true;
}

void EncoderPort::release(InFlight &frame) {
  if (frame.released)
    return;
  frame.released = true;
  push(CSI_EVENT_RELEASED, frame.timestamp_ns);
}

void EncoderPort::resolve(int64_t timestamp_ns) {
  InFlight &frame = find(timestamp_ns);
  if (frame.resolved)
    throw Error(-EPROTO, "the encoder gave a second result for one frame");
  frame.resolved = true;
}

void EncoderPort::resolve_all(CsiSkipReason reason) {
  waiting_.clear();
  for (InFlight &frame : in_flight_) {
    release(frame);
    if (!frame.resolved)
      push(CSI_EVENT_SKIPPED, frame.timestamp_ns, reason);
  }
  in_flight_.clear();
}

EncoderPort::InFlight &EncoderPort::find(int64_t timestamp_ns) {
  const auto frame = std::find_if(in_flight_.begin(), in_flight_.end(),
                                  [&](const InFlight &each) { return each.timestamp_ns == timestamp_ns; });
  if (frame == in_flight_.end())
    throw Error(-EPROTO, "the encoder answered with a timestamp that was not submitted");
  return *frame;
}

void EncoderPort::forget_finished_frames() {
  while (!in_flight_.empty() && in_flight_.front().released && in_flight_.front().resolved)
    in_flight_.pop_front();
}

} // namespace csi
