#include "trace.h"

#include "raw_format.h"

#include <linux/videodev2.h>

#include <algorithm>
#include <map>
#include <sstream>

namespace m2m {
namespace {

std::string queue_name(uint32_t type) {
  return V4L2_TYPE_IS_OUTPUT(type) ? "OUTPUT" : "CAPTURE";
}

struct Words {
  std::string queue;
  std::string detail;
};

Words describe(const v4l2_buffer &buffer) {
  const bool has_planes = V4L2_TYPE_IS_MULTIPLANAR(buffer.type);
  const uint32_t bytes = !has_planes ? buffer.bytesused : buffer.m.planes ? buffer.m.planes[0].bytesused : 0;
  std::ostringstream text;
  text << "index " << buffer.index << ", " << bytes << " bytes, "
       << int64_t{buffer.timestamp.tv_sec} * 1'000'000 + buffer.timestamp.tv_usec << " us, flags 0x" << std::hex
       << buffer.flags;
  return {queue_name(buffer.type), text.str()};
}

Words describe(const v4l2_format &format) {
  const QueueFormat told = QueueFormat::unpack(format);
  std::ostringstream text;
  text << fourcc_name(told.fourcc) << " " << told.width << "x" << told.height << ", bytesperline "
       << told.bytes_per_line << ", sizeimage " << told.size_image;
  return {queue_name(format.type), text.str()};
}

Words describe(const v4l2_fmtdesc &description) {
  return {queue_name(description.type),
          "index " + std::to_string(description.index) + ", " + fourcc_name(description.pixelformat)};
}

Words describe(const v4l2_requestbuffers &request) {
  return {queue_name(request.type),
          std::to_string(request.count) + (request.memory == V4L2_MEMORY_DMABUF ? " dmabuf" : " mmap")};
}

Words describe(const v4l2_streamparm &parameters) {
  const v4l2_fract &interval = parameters.parm.output.timeperframe;
  return {queue_name(parameters.type),
          std::to_string(interval.numerator) + "/" + std::to_string(interval.denominator) + " s"};
}

Words describe(const v4l2_selection &selection) {
  return {queue_name(selection.type), std::to_string(selection.r.width) + "x" + std::to_string(selection.r.height)};
}

Words describe(const v4l2_control &control) {
  std::ostringstream text;
  text << "id 0x" << std::hex << control.id << std::dec << " = " << control.value;
  return {"", text.str()};
}

Words describe(const v4l2_ext_controls &controls) {
  std::ostringstream text;
  for (uint32_t i = 0; i < controls.count; ++i)
    text << (i ? ", " : "") << "id 0x" << std::hex << controls.controls[i].id << std::dec << " = "
         << controls.controls[i].value;
  return {"", text.str()};
}

Words describe(const v4l2_encoder_cmd &command) {
  return {"", command.cmd == V4L2_ENC_CMD_STOP ? "STOP" : command.cmd == V4L2_ENC_CMD_START ? "START" : "another"};
}

Words describe(const int &type) {
  return {queue_name(static_cast<uint32_t>(type)), ""};
}

template <typename Argument>
Words describe_as(const void *argument) {
  return describe(*static_cast<const Argument *>(argument));
}

Words nothing(const void *) {
  return {};
}

struct Call {
  const char *name;
  Words (*describe)(const void *);
};

const std::map<uint32_t, Call> &calls() {
  static const std::map<uint32_t, Call> all = {
      {VIDIOC_QUERYCAP, {"QUERYCAP", nothing}},
      {VIDIOC_ENUM_FMT, {"ENUM_FMT", describe_as<v4l2_fmtdesc>}},
      {VIDIOC_ENUM_FRAMESIZES, {"ENUM_FRAMESIZES", nothing}},
      {VIDIOC_G_FMT, {"G_FMT", describe_as<v4l2_format>}},
      {VIDIOC_TRY_FMT, {"TRY_FMT", describe_as<v4l2_format>}},
      {VIDIOC_S_FMT, {"S_FMT", describe_as<v4l2_format>}},
      {VIDIOC_G_PARM, {"G_PARM", describe_as<v4l2_streamparm>}},
      {VIDIOC_S_PARM, {"S_PARM", describe_as<v4l2_streamparm>}},
      {VIDIOC_G_SELECTION, {"G_SELECTION", describe_as<v4l2_selection>}},
      {VIDIOC_S_SELECTION, {"S_SELECTION", describe_as<v4l2_selection>}},
      {VIDIOC_QUERYCTRL, {"QUERYCTRL", nothing}},
      {VIDIOC_QUERY_EXT_CTRL, {"QUERY_EXT_CTRL", nothing}},
      {VIDIOC_QUERYMENU, {"QUERYMENU", nothing}},
      {VIDIOC_G_CTRL, {"G_CTRL", describe_as<v4l2_control>}},
      {VIDIOC_S_CTRL, {"S_CTRL", describe_as<v4l2_control>}},
      {VIDIOC_G_EXT_CTRLS, {"G_EXT_CTRLS", describe_as<v4l2_ext_controls>}},
      {VIDIOC_S_EXT_CTRLS, {"S_EXT_CTRLS", describe_as<v4l2_ext_controls>}},
      {VIDIOC_TRY_EXT_CTRLS, {"TRY_EXT_CTRLS", describe_as<v4l2_ext_controls>}},
      {VIDIOC_REQBUFS, {"REQBUFS", describe_as<v4l2_requestbuffers>}},
      {VIDIOC_QUERYBUF, {"QUERYBUF", describe_as<v4l2_buffer>}},
      {VIDIOC_PREPARE_BUF, {"PREPARE_BUF", describe_as<v4l2_buffer>}},
      {VIDIOC_QBUF, {"QBUF", describe_as<v4l2_buffer>}},
      {VIDIOC_DQBUF, {"DQBUF", describe_as<v4l2_buffer>}},
      {VIDIOC_STREAMON, {"STREAMON", describe_as<int>}},
      {VIDIOC_STREAMOFF, {"STREAMOFF", describe_as<int>}},
      {VIDIOC_ENCODER_CMD, {"ENCODER_CMD", describe_as<v4l2_encoder_cmd>}},
      {VIDIOC_TRY_ENCODER_CMD, {"TRY_ENCODER_CMD", describe_as<v4l2_encoder_cmd>}},
      {VIDIOC_SUBSCRIBE_EVENT, {"SUBSCRIBE_EVENT", nothing}},
      {VIDIOC_UNSUBSCRIBE_EVENT, {"UNSUBSCRIBE_EVENT", nothing}},
      {VIDIOC_DQEVENT, {"DQEVENT", nothing}},
  };
  return all;
}

} // namespace

std::string call_name(uint32_t request) {
  const auto found = calls().find(request);
  return found == calls().end() ? "ioctl " + std::to_string(request) : found->second.name;
}

bool is_call(const std::string &name) {
  return std::any_of(calls().begin(), calls().end(), [&](const auto &each) { return each.second.name == name; });
}

TraceEntry describe_call(int context, uint32_t request, const void *argument, int result) {
  const auto found = calls().find(request);
  const Words words = found == calls().end() ? Words{} : found->second.describe(argument);
  return {context, call_name(request), words.queue, words.detail, -result};
}

} // namespace m2m
