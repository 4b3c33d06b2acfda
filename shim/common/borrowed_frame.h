// A submitted frame while its pixels are read.
#pragma once

#include "encoder_port.h"
#include "picture.h"

namespace csi {

/** Announces the reads to the kernel (dmabufs) for as long as it lives and tells the port when they are over: when
 *  release() is called, at the latest when it goes. */
class BorrowedFrame {
public:
  /** Throws Error when a dmabuf refuses to be read. */
  BorrowedFrame(const CsiEncoderFrame &frame, const CsiLayout &layout, EncoderPort &port);
  ~BorrowedFrame();
  BorrowedFrame(const BorrowedFrame &) = delete;
  BorrowedFrame &operator=(const BorrowedFrame &) = delete;

  /** Good until release(). */
  const Picture &picture() const noexcept { return picture_; }
  int64_t timestamp_ns() const noexcept { return frame_.timestamp_ns; }
  bool force_key() const noexcept { return frame_.flags & CSI_FRAME_FORCE_KEY; }

  /** Gives the pixels back. Calling it again does nothing. */
  void release();

private:
  bool end_read() noexcept;

  const CsiEncoderFrame frame_;
  const uint32_t plane_count_;
  EncoderPort &port_;
  Picture picture_;
  bool reading_ = true;
};

} // namespace csi
