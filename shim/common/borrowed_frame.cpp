#include "borrowed_frame.h"

#include "dma_buf.h"
#include "error.h"

#include <cstring>

namespace csi {

BorrowedFrame::BorrowedFrame(const CsiEncoderFrame &frame, const CsiLayout &layout, EncoderPort &port) :
    frame_(frame),
    plane_count_(layout.plane_count),
    port_(port),
    picture_() {
  if (const int result = sync_dma_bufs_read(frame_.dmabuf_fd, plane_count_, true))
    throw Error(result, std::string("a frame's dmabuf cannot be read: ") + std::strerror(-result));
  for (uint32_t i = 0; i < plane_count_; ++i) {
    picture_.plane[i] = reinterpret_cast<const uint8_t *>(static_cast<uintptr_t>(frame_.plane[i]));
    picture_.stride[i] = static_cast<int>(layout.stride[i]);
  }
  picture_.width = static_cast<int>(layout.width);
  picture_.height = static_cast<int>(layout.height);
}

BorrowedFrame::~BorrowedFrame() {
  end_read(); // after an exception the port's fail() releases the frame
}

void BorrowedFrame::release() {
  if (end_read())
    port_.released(frame_.timestamp_ns);
}

bool BorrowedFrame::end_read() noexcept {
  if (!reading_)
    return false;
  reading_ = false;
  sync_dma_bufs_read(frame_.dmabuf_fd, plane_count_, false); // nothing to do about an error here
  return true;
}

} // namespace csi
