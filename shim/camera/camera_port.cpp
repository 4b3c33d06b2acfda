#include "camera_port.h"

#include <cerrno>

namespace csi {
namespace {

bool comes_after_all_frames(const CsiCameraEvent &milestone) {
  return milestone.kind == CSI_CAMERA_LOST || milestone.kind == CSI_CAMERA_CLOSED;
}

} // namespace

int CameraPort::take(CsiCameraEvent *out) {
  // What was recorded before a milestone that is seen here is seen in the sink's ring as well.
  const CsiCameraEvent *milestone = milestones_.peek();
  if (!milestone || comes_after_all_frames(*milestone)) {
    if (sink_.events.pop(out)) {
      if (out->kind == CSI_CAMERA_FRAME)
        out_[out->buffer] = true;
      return 0;
    }
  }
  return milestone && milestones_.pop(out) ? 0 : -EAGAIN;
}

int CameraPort::stream(CsiCameraStream *out) const {
  if (!opened_)
    return -EAGAIN;
  *out = stream_;
  return 0;
}

int CameraPort::buffer(uint32_t index, CsiCameraBuffer *out) const {
  if (!opened_)
    return -EAGAIN;
  if (index >= memory_.size())
    return -EINVAL;
  *out = memory_[index].planes();
  return 0;
}

int CameraPort::release(uint32_t index) {
  if (!is_out(index))
    return -EINVAL;
  out_[index] = false;
  released_.push(index);
  bell_.ring();
  return 0;
}

void CameraPort::close() noexcept {
  closing_ = true;
  bell_.ring();
}

void CameraPort::opened(const CsiCameraStream &stream, std::vector<FrameMemory> memory) {
  stream_ = stream;
  memory_ = std::move(memory);
  opened_ = true;
  announce(CSI_CAMERA_OPENED);
}

void CameraPort::failed(int result, const std::string &sentence) {
  if (failed_)
    return;
  error_ = sentence;
  failed_ = true;
  announce(opened_ ? CSI_CAMERA_LOST : CSI_CAMERA_FAILED, result);
}

void CameraPort::closed() {
  closed_ = true;
  announce(CSI_CAMERA_CLOSED);
}

bool CameraPort::is_out(uint32_t index) const {
  return opened_ && index < memory_.size() && out_[index];
}

void CameraPort::announce(uint32_t kind, int result) {
  CsiCameraEvent event = {};
  event.kind = kind;
  event.result = result;
  milestones_.push(event);
  reader_.wake();
}

} // namespace csi
