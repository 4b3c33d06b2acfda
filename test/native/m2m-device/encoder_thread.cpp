#include "encoder_thread.h"

#include "../../../shim/common/thread.h"
#include "journal.h"

#include <string.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace m2m {
namespace {

int64_t thread_cpu_ns() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

bool is_nth(uint32_t number, uint32_t every) {
  return every > 0 && number % every == 0;
}

} // namespace

EncoderThread::~EncoderThread() {
  {
    const std::lock_guard lock(stream_.record.mutex);
    is_ending_ = true;
    stream_.announce();
  }
  if (thread_.joinable())
    thread_.join();
}

void EncoderThread::start(const EncoderSettings &settings, const HeaderControls &headers) {
  if (!encoder_) {
    encoder_ = open_encoder(settings);
    if (switches_.is_canned)
      encoder_ = open_canned_encoder(std::move(encoder_));
    settings_ = settings;
    headers_ = headers;
  }
  if (!thread_.joinable())
    thread_ = csi::start_thread("m2m-device", [this] { run(); });
  stream_.announce();
}

void EncoderThread::interrupt(Lock &lock) {
  is_interrupted_ = true;
  stream_.announce();
  stream_.changed.wait(lock, [this] { return !is_busy_; });
  is_interrupted_ = false;
}

void EncoderThread::reset() {
  encoder_.reset();
  frames_taken_ = frames_coded_ = 0;
  held_back_.clear();
  is_key_forced_ = false;
  drain_ = Drain::no;
}

void EncoderThread::drain() {
  if (drain_ != Drain::no || !stream_.is_running())
    return;
  drain_ = Drain::wanted;
  frames_to_drain_ = stream_.output.ready();
  stream_.announce();
}

void EncoderThread::run() {
  Lock lock(stream_.record.mutex);
  for (;;) {
    stream_.changed.wait(lock, [this] { return is_ending_ || can_work(); });
    if (is_ending_)
      return;
    is_busy_ = true;
    if (drain_ == Drain::wanted && frames_to_drain_ == 0)
      finish_drain(lock);
    else
      encode_next(lock);
    is_busy_ = false;
    stream_.record.encoder_cpu_ns = thread_cpu_ns();
    stream_.announce();
  }
}

/** After a drain nothing happens until both queues were stopped: bcm2835-codec's CMD_START does nothing. */
bool EncoderThread::can_work() const {
  if (!stream_.is_running() || is_interrupted_ || drain_ == Drain::done || is_stalled())
    return false;
  return stream_.output.has_ready() || drain_ == Drain::wanted;
}

bool EncoderThread::is_stalled() const {
  if (!switches_.stall_after || !(stream_.is_first || switches_.stalls_always))
    return false;
  return stream_.record.frames_encoded >= *switches_.stall_after;
}

/** False if meanwhile the frame was given up. */
bool EncoderThread::pause(Lock &lock, uint32_t milliseconds) {
  return !stream_.changed.wait_for(lock, std::chrono::milliseconds(milliseconds), [this] { return is_given_up(); });
}

void EncoderThread::encode_next(Lock &lock) {
  Buffer &input = *stream_.output.take();
  const size_t drained = drain_ == Drain::wanted ? 1 : 0;
  frames_to_drain_ -= drained;
  if (!pause(lock, switches_.encode_delay_ms)) {
    stream_.output.put_back(input);
    frames_to_drain_ += drained;
    return;
  }
  const timeval timestamp = input.timestamp;
  std::vector<Packet> packets;
  if (is_nth(++frames_taken_, switches_.skip_every)) {
    ++stream_.record.frames_skipped;
  } else {
    const Picture picture = picture_of(input);
    const bool is_key = std::exchange(is_key_forced_, false);
    Coded coded = {};
    lock.unlock();
    try {
      coded = encoder_->encode(picture, is_key);
    } catch (const std::exception &error) {
      journal().violation(stream_.record, error.what());
    }
    lock.lock();
    ++stream_.record.frames_encoded;
    packets = packets_of(std::move(coded), timestamp);
    if (is_nth(stream_.record.frames_encoded, switches_.error_every))
      damage(packets.back());
  }
  stream_.output.finish(input);
  stream_.announce();
  if (switches_.drain == DrainEnd::flag_on_last && !packets.empty())
    packets.swap(held_back_);
  deliver(lock, packets, false);
}

void EncoderThread::finish_drain(Lock &lock) {
  if (!pause(lock, switches_.drain_delay_ms))
    return;
  std::vector<Packet> last = std::exchange(held_back_, {});
  if (last.empty())
    last.emplace_back();
  if (switches_.drain != DrainEnd::eos_event && !deliver(lock, last, true))
    return;
  drain_ = Drain::done;
  if (stream_.wants_eos)
    ++stream_.eos_waiting;
}

Picture EncoderThread::picture_of(const Buffer &buffer) const {
  return {find_raw_format(settings_.fourcc), buffer.memory.data() + buffer.data_offset, settings_.stride,
          settings_.coded_height};
}

std::vector<EncoderThread::Packet> EncoderThread::packets_of(Coded coded, timeval timestamp) {
  std::vector<Packet> packets;
  const bool is_first = frames_coded_++ == 0;
  const std::vector<uint8_t> headers = encoder_->headers();
  const bool has_own_buffer = headers_.is_separate || switches_.headers == Headers::separate ||
                              switches_.headers == Headers::separate_zero_timestamp;
  const bool is_repeated = headers_.is_repeated || switches_.headers == Headers::each;
  if (is_first && has_own_buffer && !headers.empty()) {
    const bool is_zero = switches_.headers == Headers::separate_zero_timestamp;
    packets.push_back({headers, 0, is_zero ? timeval{} : timestamp});
  } else if (is_first || (coded.is_key && is_repeated)) {
    coded.bytes.insert(coded.bytes.begin(), headers.begin(), headers.end());
  }
  const bool is_told_key =
      switches_.key_flags != KeyFlags::none && coded.is_key == (switches_.key_flags == KeyFlags::right);
  packets.push_back({std::move(coded.bytes), is_told_key ? V4L2_BUF_FLAG_KEYFRAME : 0u, timestamp});
  return packets;
}

void EncoderThread::damage(Packet &packet) const {
  packet.flags |= V4L2_BUF_FLAG_ERROR;
  std::fill(packet.bytes.begin() + static_cast<ptrdiff_t>(packet.bytes.size() / 2), packet.bytes.end(), 0xaa);
}

bool EncoderThread::deliver(Lock &lock, const std::vector<Packet> &packets, bool is_last) {
  return std::all_of(packets.begin(), packets.end(), [&](const Packet &packet) {
    return deliver(lock, packet, is_last && &packet == &packets.back());
  });
}

/** False if it was given up before all of it was delivered. */
bool EncoderThread::deliver(Lock &lock, const Packet &packet, bool is_last) {
  size_t sent = 0;
  do {
    stream_.changed.wait(lock, [this] { return is_given_up() || stream_.capture.has_ready(); });
    if (is_given_up())
      return false;
    Buffer &buffer = *stream_.capture.take();
    const size_t room = std::min<size_t>(buffer.byte_count, switches_.split_bytes ? switches_.split_bytes : UINT32_MAX);
    const size_t size = std::min(packet.bytes.size() - sent, room);
    if (size > 0)
      memcpy(buffer.memory.data(), packet.bytes.data() + sent, size);
    sent += size;
    buffer.bytes_used = static_cast<uint32_t>(size);
    buffer.timestamp = packet.timestamp;
    buffer.flags = packet.flags | (is_last && sent == packet.bytes.size() ? V4L2_BUF_FLAG_LAST : 0);
    stream_.capture.finish(buffer);
    stream_.announce();
  } while (sent < packet.bytes.size());
  return true;
}

} // namespace m2m
