// One camera buffer, mapped for reading.
#pragma once

#include "csi_camera.h"

#include <vector>

#include <libcamera/libcamera.h>

namespace csi {

/** A range of a dmabuf in our address space. */
class Mapping {
public:
  /** Throws Error. */
  Mapping(int fd, size_t byte_count);
  Mapping(Mapping &&other) noexcept;
  Mapping &operator=(Mapping &&) = delete;
  ~Mapping();

  int fd() const noexcept { return fd_; }
  uint64_t address() const noexcept { return reinterpret_cast<uintptr_t>(start_); }

private:
  int fd_; // borrowed
  void *start_;
  size_t byte_count_;
};

/** The planes of a FrameBuffer. It keeps the dmabufs, so the pixels stay readable when libcamera has let go of them. */
class FrameMemory {
public:
  /** Throws Error: -ENOTSUP when the buffer's planes do not fit the layout. */
  FrameMemory(const libcamera::FrameBuffer &buffer, const CsiLayout &layout);

  const CsiCameraBuffer &planes() const noexcept { return planes_; }

private:
  uint64_t map(int fd, size_t byte_count);

  CsiCameraBuffer planes_ = {};
  std::vector<libcamera::SharedFD> dmabufs_;
  std::vector<Mapping> mappings_;
};

} // namespace csi
