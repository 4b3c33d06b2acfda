#include "m2m_session.h"

#include "borrowed_frame.h"
#include "encoder_controls.h"
#include "negotiate.h"

#include <poll.h>

#include <algorithm>

namespace csi {
namespace {

using std::chrono::milliseconds;

/** How long the pieces of one coded picture may be apart. They come at once where a picture is split over buffers. */
constexpr milliseconds kPieceWait{100};

/** A device that has frames and gives nothing for this long is stuck; at low rates, for 2.5 frame intervals. */
constexpr milliseconds kStall{1000};

/** How long to leave a device alone that says it is busy or has an error, and nothing else. */
constexpr milliseconds kRetry{10};

constexpr uint32_t kCopyBuffers = 4;    // frames that wait in the device's own memory
constexpr uint32_t kCaptureBuffers = 4; // coded pictures that wait for us

uint32_t output_buffers(const M2mDevice &device, const CsiEncoderConfig &config, FramesBy frames_by) {
  // One for each of the camera's buffers: the device then maps each of them once.
  const uint32_t lent = std::max(config.memory.buffer_count, config.queue_frames_max);
  const uint32_t wanted = frames_by == FramesBy::dmabuf ? lent : kCopyBuffers;
  return std::clamp<uint32_t>(wanted, buffers_min(device, Side::output), VIDEO_MAX_FRAME);
}

milliseconds stall_limit(const CsiEncoderConfig &config) {
  return std::max(kStall, milliseconds(2500ull * config.rate_denominator / config.rate_numerator));
}

} // namespace

M2mSession::M2mSession(const CsiEncoderConfig &config, EncoderPort &port, FramesBy wanted) :
    config_(config),
    port_(port),
    device_(open_encoder(config.codec, config.device)),
    layout_(negotiate(device_, config)),
    frames_by_(wanted == FramesBy::dmabuf && takes_dmabufs() ? FramesBy::dmabuf : FramesBy::copy),
    matcher_(port, config.codec) {
  configure_encoder(device_, config_);
  const bool lent = frames_by_ == FramesBy::dmabuf;
  output_.emplace(device_, Side::output, lent ? V4L2_MEMORY_DMABUF : V4L2_MEMORY_MMAP,
                  output_buffers(device_, config_, frames_by_), layout_.memory_plane_count());
  if (!lent)
    layout_.check_own(device_, *output_);
  slots_.resize(output_->size());
  capture_.emplace(device_, Side::capture, V4L2_MEMORY_MMAP,
                   std::max(kCaptureBuffers, buffers_min(device_, Side::capture)), 1);
  start_streaming();
}

bool M2mSession::takes_dmabufs() const {
  const CsiFrameMemory &memory = config_.memory;
  if (!layout_.fits(config_.input, memory.dmabuf_fd, memory.dmabuf_offset))
    return false;
  try {
    const BufferQueue trial(device_, Side::output, V4L2_MEMORY_DMABUF, buffers_min(device_, Side::output),
                            layout_.memory_plane_count());
    const int result = trial.prepare(0, layout_.describe(memory.dmabuf_fd).data());
    return result == 0 || result == -ENOTTY; // ENOTTY: the first frame will show
  } catch (const Error &) {
    return false;
  }
}

void M2mSession::start_streaming() {
  v4l2_event_subscription end_of_stream = {};
  end_of_stream.type = V4L2_EVENT_EOS;
  device_.ask(VIDIOC_SUBSCRIBE_EVENT, &end_of_stream); // older drivers end a drain with it
  for (uint32_t index = 0; index < capture_->size(); ++index)
    if (const int result = capture_->queue(index, 0, nullptr))
      throw device_.failure(result, "queue a buffer for coded pictures");
  output_->stream_on();
  capture_->stream_on();
}

void M2mSession::run(std::optional<CsiEncoderFrame> &in_hand) {
  for (;;) {
    port_.doorbell().answer();
    if (port_.stop_asked())
      return;
    step(in_hand);
    if (finished_)
      return;
    sleep();
  }
}

void M2mSession::step(std::optional<CsiEncoderFrame> &in_hand) {
  const EncoderPort::Quiet quiet(port_); // a frame back and a picture often come together
  // Before the device is looked at: what it gives while we are busy, or kept from the CPU, is no silence of its own.
  const Clock::time_point now = Clock::now();
  take_back_frames();
  take_results();
  if (!finished_)
    feed(in_hand);
  watch(now);
  if (finished_) {
    matcher_.complete();
    abandon(left_over_);
  }
}

void M2mSession::abandon(CsiSkipReason reason) {
  output_.reset(); // stops streaming: the device reads none of the frames any more
  capture_.reset();
  for (Slot &slot : slots_)
    if (slot.lent_ns)
      port_.released(*std::exchange(slot.lent_ns, std::nullopt));
  matcher_.skip_all(reason);
}

// Frames in

void M2mSession::feed(std::optional<CsiEncoderFrame> &in_hand) {
  while (const auto index = free_slot(in_hand ? in_hand->dmabuf_fd[0] : -1)) {
    if (!in_hand) {
      CsiEncoderFrame frame;
      const EncoderPort::Ask ask = port_.next(&frame);
      if (ask == EncoderPort::Ask::drain)
        return drain();
      if (ask != EncoderPort::Ask::frame)
        return;
      in_hand = frame;
      continue; // for a buffer that knows its dmabuf
    }
    queue_frame(*in_hand, *index);
    in_hand.reset();
  }
}

/** Best one that had the same dmabuf before: the kernel then maps nothing anew. */
std::optional<uint32_t> M2mSession::free_slot(int fd) const {
  std::optional<uint32_t> best;
  for (uint32_t index = 0; index < slots_.size(); ++index) {
    if (slots_[index].is_queued)
      continue;
    if (slots_[index].last_fd == fd)
      return index;
    if (!best || slots_[index].last_fd < 0)
      best = index;
  }
  return best;
}

void M2mSession::queue_frame(const CsiEncoderFrame &frame, uint32_t index) {
  ask_for_key_frame(frame);
  if (matcher_.unresolved() == 0)
    progress_ = Clock::now();
  const int64_t time_us = matcher_.submitted(frame.timestamp_ns);
  const bool lent = frames_by_ == FramesBy::dmabuf;
  const int result = lent ? queue_lent(frame, index, time_us) : queue_copied(frame, index, time_us);
  if (result == 0) {
    slots_[index].is_queued = true;
    return;
  }
  matcher_.withdraw_newest();
  if (result == -ENODEV)
    throw device_.failure(result, "");
  const Error refused = device_.failure(result, lent ? "take a frame's dmabuf" : "take a frame");
  throw Breakdown(refused.what(), lent && result != -EIO ? FramesBy::copy : FramesBy::dmabuf);
}

int M2mSession::queue_lent(const CsiEncoderFrame &frame, uint32_t index, int64_t time_us) {
  if (!layout_.fits(config_.input, frame.dmabuf_fd, frame.dmabuf_offset))
    return -EINVAL;
  if (const int result = output_->queue(index, time_us, layout_.describe(frame.dmabuf_fd).data()))
    return result;
  slots_[index].lent_ns = frame.timestamp_ns;
  slots_[index].last_fd = frame.dmabuf_fd[0];
  return 0;
}

int M2mSession::queue_copied(const CsiEncoderFrame &frame, uint32_t index, int64_t time_us) {
  BorrowedFrame borrowed(frame, config_.input, port_);
  layout_.copy(borrowed.picture(), config_.input.pixel_format, *output_, index);
  if (const int result = output_->queue(index, time_us, layout_.describe_own().data()))
    return result;
  port_.copied();
  borrowed.release();
  return 0;
}

void M2mSession::ask_for_key_frame(const CsiEncoderFrame &frame) {
  const bool needed = matcher_.needs_key();
  if (frame.flags & CSI_FRAME_FORCE_KEY || (needed && !key_asked_))
    force_key_frame(device_);
  key_asked_ = needed;
}

// Frames and pictures out

void M2mSession::take_events() {
  v4l2_event event = {};
  while (device_.ask(VIDIOC_DQEVENT, &event) == 0) {
    if (event.type != V4L2_EVENT_EOS || drain_ != Drain::running)
      continue;
    end_of_stream_ = true;
    last_result_ = Clock::now(); // the last picture may come right after the event
  }
}

void M2mSession::take_back_frames() {
  DequeuedBuffer buffer;
  int result;
  while ((result = output_->dequeue(&buffer)) == 0) {
    Slot &slot = slots_[buffer.index];
    slot.is_queued = false;
    if (slot.lent_ns)
      port_.released(*std::exchange(slot.lent_ns, std::nullopt));
  }
  if (result == -EIO || result == -EPROTO)
    throw Breakdown(device_.failure(result, "get a frame back").what());
  if (result != -EAGAIN && result != -EPIPE)
    throw device_.failure(result, "get a frame back");
}

void M2mSession::take_results() {
  DequeuedBuffer buffer;
  int result = 0;
  while (!finished_ && (result = capture_->dequeue(&buffer)) == 0)
    take_result(buffer);
  if (result == -EPIPE && drain_ != Drain::not_asked)
    finished_ = true;
  else if (result == -EIO || result == -EPROTO || result == -EPIPE)
    throw Breakdown(device_.failure(result, "get a coded picture").what());
  else if (result != 0 && result != -EAGAIN)
    throw device_.failure(result, "get a coded picture");
}

void M2mSession::take_result(const DequeuedBuffer &buffer) {
  const Mapping &memory = capture_->mapping(buffer.index, 0);
  if (uint64_t{buffer.offset} + buffer.bytes_used > memory.byte_count())
    throw Breakdown(device_.path() + ": " + std::to_string(buffer.bytes_used) + " coded bytes in a buffer of " +
                    std::to_string(memory.byte_count()));
  progress_ = last_result_ = Clock::now();
  const bool damaged = buffer.flags & V4L2_BUF_FLAG_ERROR;
  if (buffer.bytes_used > 0 || damaged)
    matcher_.take(buffer.time_us, memory.bytes() + buffer.offset, buffer.bytes_used, damaged);
  if (buffer.flags & V4L2_BUF_FLAG_LAST && drain_ != Drain::not_asked) {
    finished_ = true;
    return;
  }
  if (const int result = capture_->queue(buffer.index, 0, nullptr))
    throw device_.failure(result, "queue a buffer for coded pictures");
}

// The end, wanted or not

void M2mSession::drain() {
  if (drain_ != Drain::not_asked && drain_ != Drain::busy)
    return;
  if (matcher_.unresolved() == 0 && matcher_.packets() == 0) {
    finished_ = true; // it never had a frame
    return;
  }
  v4l2_encoder_cmd stop = {};
  stop.cmd = V4L2_ENC_CMD_STOP;
  const int result = device_.ask(VIDIOC_ENCODER_CMD, &stop);
  if (result == -ENODEV)
    throw device_.failure(result, "");
  if (drain_ == Drain::not_asked)
    progress_ = Clock::now();
  drain_ = result == 0 ? Drain::running : result == -EBUSY ? Drain::busy : Drain::unsupported;
}

void M2mSession::watch(Clock::time_point now) {
  if (matcher_.has_pieces() && now - last_result_ >= kPieceWait)
    matcher_.complete();
  if (drain_ != Drain::not_asked)
    return watch_drain(now);
  if (matcher_.unresolved() == 0 || now - progress_ < stall_limit(config_))
    return;
  if (holds_frames() || matcher_.unresolved() > 1)
    throw Breakdown(name() + " has frames and gave nothing for " + std::to_string(stall_limit(config_).count()) +
                    " ms");
  matcher_.skip_all(CSI_SKIP_SWALLOWED); // it gave the one frame back, and nothing else comes
}

void M2mSession::watch_drain(Clock::time_point now) {
  const bool all_resolved = matcher_.unresolved() == 0;
  if (end_of_stream_ || drain_ == Drain::unsupported)
    finished_ |= all_resolved;
  if (end_of_stream_)
    finished_ |= now - last_result_ >= kPieceWait;
  if (finished_ || now - progress_ < kStall)
    return;
  finished_ = true;
  // Without a drain nobody says that there is nothing more: what came back may just have come to nothing.
  if (drain_ != Drain::unsupported || holds_frames())
    left_over_ = CSI_SKIP_STALLED;
}

bool M2mSession::holds_frames() const {
  return std::any_of(slots_.begin(), slots_.end(), [](const Slot &slot) { return slot.is_queued; });
}

/** Until there is something to do: a bell, the device, or a time that has come. */
void M2mSession::sleep() {
  auto deadline = Clock::time_point::max();
  if (matcher_.has_pieces())
    deadline = std::min(deadline, last_result_ + kPieceWait);
  if (drain_ != Drain::not_asked)
    deadline = std::min(deadline, end_of_stream_ ? last_result_ + kPieceWait : progress_ + kStall);
  else if (matcher_.unresolved() > 0)
    deadline = std::min(deadline, progress_ + stall_limit(config_));
  if (drain_ == Drain::busy)
    deadline = std::min(deadline, Clock::now() + kRetry);
  int timeout_ms = -1;
  if (deadline != Clock::time_point::max())
    timeout_ms =
        static_cast<int>(std::max<int64_t>(0, std::chrono::ceil<milliseconds>(deadline - Clock::now()).count()));

  pollfd entries[] = {{port_.doorbell().fd(), POLLIN, 0}, {device_.fd(), POLLIN | POLLOUT | POLLPRI, 0}};
  poll(entries, 2, timeout_ms); // EINTR: as if there were something to do
  if (entries[1].revents & POLLPRI)
    take_events();
  // A device with an error and nothing else would be polled without end.
  if (entries[1].revents & (POLLERR | POLLHUP) && !(entries[1].revents & (POLLIN | POLLOUT | POLLPRI)))
    poll(entries, 1, static_cast<int>(kRetry.count()));
}

} // namespace csi
