// What a context answers to each ioctl that is more than a question to one of its parts.
#include "context.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace m2m {
namespace {

std::atomic<bool> has_one_streamed{false};

template <typename Text>
void copy_text(Text &to, const std::string &from) {
  memset(to, 0, sizeof to);
  memcpy(to, from.data(), std::min(from.size(), sizeof to - 1));
}

bool is_earlier(const timeval &one, const timeval &other) {
  return one.tv_sec != other.tv_sec ? one.tv_sec < other.tv_sec : one.tv_usec < other.tv_usec;
}

std::string card_of(const Switches &switches) {
  switch (switches.kind) {
  case Kind::decoder:
    return "bcm2835-codec-decode";
  case Kind::camera:
    return "camera";
  case Kind::encoder:
  case Kind::not_v4l2:
    return switches.codec == Codec::jpeg ? "bcm2835-codec-encode_image" : "bcm2835-codec-encode";
  }
  return "";
}

} // namespace

int Context::query_capabilities(v4l2_capability &capability) {
  capability = {};
  copy_text(capability.driver, switches_.kind == Kind::camera ? "camera" : "bcm2835-codec");
  copy_text(capability.card, card_of(switches_));
  copy_text(capability.bus_info, "platform:" + std::string(reinterpret_cast<char *>(capability.driver)));
  capability.version = 6 << 16 | 1 << 8;
  const uint32_t does = switches_.kind == Kind::camera ? V4L2_CAP_VIDEO_CAPTURE
                        : switches_.is_multi_planar    ? V4L2_CAP_VIDEO_M2M_MPLANE
                                                       : V4L2_CAP_VIDEO_M2M;
  capability.device_caps = does | V4L2_CAP_STREAMING | V4L2_CAP_EXT_PIX_FORMAT;
  capability.capabilities = capability.device_caps | V4L2_CAP_DEVICE_CAPS;
  return 0;
}

int Context::set_format(v4l2_format &format) {
  const BufferQueue *queue = queue_of(format.type);
  if (queue && queue->is_busy())
    return -EBUSY;
  if (const int result = formats_.set_format(format))
    return result;
  if (formats_.is_capture(format.type)) {
    record_.capture_format = formats_.capture();
    return 0;
  }
  if (!record_.capture_format)
    violation("S_FMT of OUTPUT before CAPTURE's");
  record_.output_format = formats_.output();
  return 0;
}

int Context::set_selection(v4l2_selection &selection) {
  const int result = formats_.set_selection(selection);
  if (result == 0)
    record_.crop = formats_.visible();
  return result;
}

int Context::set_parameters(v4l2_streamparm &parameters) {
  const int result = formats_.set_parameters(parameters);
  if (result == 0)
    record_.frame_interval = formats_.frame_interval();
  return result;
}

void Context::control_set(const Control &control, int32_t value) {
  record_.controls_set[control.name] = value;
  if (control.id == V4L2_CID_MPEG_VIDEO_FORCE_KEY_FRAME) {
    ++record_.key_frames_forced;
    encoder_.force_key();
  }
}

BufferQueue *Context::queue_of(uint32_t type) {
  return formats_.is_output(type) ? &stream_.output : formats_.is_capture(type) ? &stream_.capture : nullptr;
}

int Context::request_buffers(v4l2_requestbuffers &request) {
  BufferQueue *queue = queue_of(request.type);
  if (!queue)
    return -EINVAL;
  const QueueFormat &format = formats_.is_output(request.type) ? formats_.output() : formats_.capture();
  const auto least = static_cast<uint32_t>(controls_.value(V4L2_CID_MIN_BUFFERS_FOR_OUTPUT, 1));
  if (formats_.is_output(request.type) && request.count > 0 && request.count < least)
    violation("REQBUFS of " + std::to_string(request.count) + ", fewer than MIN_BUFFERS_FOR_OUTPUT");
  return queue->request(request, format.size_image);
}

int Context::query_buffer(v4l2_buffer &buffer) {
  const BufferQueue *queue = queue_of(buffer.type);
  return queue ? queue->query(buffer) : -EINVAL;
}

int Context::prepare_buffer(v4l2_buffer &buffer) {
  BufferQueue *queue = queue_of(buffer.type);
  return queue ? queue->prepare(buffer) : -EINVAL;
}

int Context::queue_buffer(v4l2_buffer &buffer) {
  BufferQueue *queue = queue_of(buffer.type);
  if (!queue)
    return -EINVAL;
  const timeval timestamp = buffer.timestamp;
  if (const int result = queue->queue(buffer))
    return result;
  if (formats_.is_output(buffer.type)) {
    ++record_.frames_queued;
    if (last_timestamp_ && !is_earlier(*last_timestamp_, timestamp))
      violation("the timestamp of the frame in buffer " + std::to_string(buffer.index) + " does not increase");
    last_timestamp_ = timestamp;
  }
  stream_.announce();
  return 0;
}

bool Context::may_wait() const {
  return (fcntl(fd_, F_GETFL) & O_NONBLOCK) == 0;
}

int Context::dequeue_buffer(v4l2_buffer &buffer, Lock &lock) {
  BufferQueue *queue = queue_of(buffer.type);
  if (!queue)
    return -EINVAL;
  const bool is_capture = queue == &stream_.capture;
  const bool is_failing = is_capture && stream_.is_first && switches_.eio_after && !was_eio_given_ &&
                          queue->has_done() && record_.capture_buffers_delivered >= *switches_.eio_after;
  if (is_failing) {
    has_failed_ = was_eio_given_ = true;
    return -EIO;
  }
  int result = queue->dequeue(buffer);
  while (result == -EAGAIN && may_wait()) {
    stream_.changed.wait(lock);
    result = queue->dequeue(buffer);
  }
  if (result == 0 && is_capture) {
    node_.count_delivered();
    if (node_.is_gone())
      stream_.announce();
  }
  return result;
}

EncoderSettings Context::encoder_settings() const {
  EncoderSettings settings = {};
  const QueueFormat &output = formats_.output();
  settings.codec = switches_.codec;
  settings.width = formats_.visible().width;
  settings.height = formats_.visible().height;
  settings.fourcc = output.fourcc;
  settings.stride = output.bytes_per_line;
  settings.coded_height = output.height;
  settings.frame_interval = formats_.frame_interval();
  settings.bitrate = controls_.value(V4L2_CID_MPEG_VIDEO_BITRATE, 10'000'000);
  settings.key_interval = controls_.value(V4L2_CID_MPEG_VIDEO_GOP_SIZE, 60);
  settings.profile = controls_.value(V4L2_CID_MPEG_VIDEO_H264_PROFILE, V4L2_MPEG_VIDEO_H264_PROFILE_HIGH);
  settings.level = controls_.value(V4L2_CID_MPEG_VIDEO_H264_LEVEL, V4L2_MPEG_VIDEO_H264_LEVEL_4_0);
  settings.qp_min = controls_.value(V4L2_CID_MPEG_VIDEO_H264_MIN_QP, 20);
  settings.qp_max = controls_.value(V4L2_CID_MPEG_VIDEO_H264_MAX_QP, 51);
  settings.quality = controls_.value(V4L2_CID_JPEG_COMPRESSION_QUALITY, 80);
  return settings;
}

int Context::stream_on(int &type) {
  BufferQueue *queue = queue_of(static_cast<uint32_t>(type));
  if (!queue)
    return -EINVAL;
  if (!record_.output_format || !record_.capture_format)
    violation("STREAMON without S_FMT of both queues");
  if (const int result = queue->stream_on())
    return result;
  if (!stream_.is_running())
    return 0;
  stream_.is_first = stream_.is_first || !has_one_streamed.exchange(true);
  const HeaderControls headers = {
      controls_.value(V4L2_CID_MPEG_VIDEO_HEADER_MODE, V4L2_MPEG_VIDEO_HEADER_MODE_JOINED_WITH_1ST_FRAME) ==
          V4L2_MPEG_VIDEO_HEADER_MODE_SEPARATE,
      controls_.value(V4L2_CID_MPEG_VIDEO_REPEAT_SEQ_HEADER, 0) == 1};
  try {
    encoder_.start(encoder_settings(), headers);
  } catch (const std::runtime_error &error) {
    violation(error.what());
    queue->stream_off();
    return -EINVAL;
  }
  return 0;
}

int Context::stream_off(int &type, Lock &lock) {
  BufferQueue *queue = queue_of(static_cast<uint32_t>(type));
  if (!queue)
    return -EINVAL;
  encoder_.interrupt(lock);
  std::this_thread::sleep_for(std::chrono::milliseconds(switches_.streamoff_delay_ms));
  queue->stream_off();
  if (queue == &stream_.output) {
    record_.was_output_streamed_off = true;
    last_timestamp_.reset();
  } else {
    record_.was_capture_streamed_off = true;
    has_failed_ = false;
  }
  if (!stream_.output.is_streaming() && !stream_.capture.is_streaming())
    encoder_.reset();
  stream_.announce();
  return 0;
}

int Context::try_command(v4l2_encoder_cmd &command) {
  return command.cmd == V4L2_ENC_CMD_STOP || command.cmd == V4L2_ENC_CMD_START ? 0 : -EINVAL;
}

int Context::command(v4l2_encoder_cmd &command) {
  if (const int result = try_command(command))
    return result;
  if (command.cmd == V4L2_ENC_CMD_STOP)
    encoder_.drain();
  return 0;
}

int Context::subscribe(v4l2_event_subscription &subscription) {
  if (subscription.type == V4L2_EVENT_EOS) {
    stream_.wants_eos = true;
    return 0;
  }
  const bool is_known = subscription.type == V4L2_EVENT_SOURCE_CHANGE ||
                        (subscription.type == V4L2_EVENT_CTRL && controls_.has(subscription.id));
  return is_known ? 0 : -EINVAL;
}

int Context::unsubscribe(v4l2_event_subscription &subscription) {
  if (subscription.type == V4L2_EVENT_EOS || subscription.type == V4L2_EVENT_ALL) {
    stream_.wants_eos = false;
    stream_.eos_waiting = 0;
  }
  return 0;
}

int Context::dequeue_event(v4l2_event &event, Lock &lock) {
  while (stream_.eos_waiting == 0) {
    if (!may_wait())
      return -ENOENT;
    stream_.changed.wait(lock);
  }
  event = {};
  event.type = V4L2_EVENT_EOS;
  event.pending = --stream_.eos_waiting;
  event.sequence = stream_.eos_taken++;
  clock_gettime(CLOCK_MONOTONIC, &event.timestamp);
  return 0;
}

} // namespace m2m
