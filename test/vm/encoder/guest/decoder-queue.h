// A queue of a V4L2 decoder, for fwht-decoder: the single- and the multi-planar API.
#pragma once

#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

[[noreturn]] inline void give_up(const std::string &what) {
  throw std::runtime_error(what);
}

using Bytes = std::vector<uint8_t>;

constexpr uint32_t kBufferCount = 4;

/** One of the decoder's queues, of MMAP buffers with one memory plane. */
class Queue {
public:
  Queue(int fd, bool multiplanar, bool output) :
      fd_(fd),
      multiplanar_(multiplanar),
      type_(output ? (multiplanar ? V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE : V4L2_BUF_TYPE_VIDEO_OUTPUT)
                   : (multiplanar ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE : V4L2_BUF_TYPE_VIDEO_CAPTURE)) {}

  struct Format {
    uint32_t width;
    uint32_t height;
    uint32_t fourcc;
    uint32_t stride;
    uint32_t byte_count;
  };

  Format set_format(uint32_t width, uint32_t height, uint32_t fourcc) {
    v4l2_format format = {};
    format.type = type_;
    if (multiplanar_) {
      format.fmt.pix_mp.width = width;
      format.fmt.pix_mp.height = height;
      format.fmt.pix_mp.pixelformat = fourcc;
      format.fmt.pix_mp.num_planes = 1;
    } else {
      format.fmt.pix.width = width;
      format.fmt.pix.height = height;
      format.fmt.pix.pixelformat = fourcc;
    }
    demand(VIDIOC_S_FMT, &format, "VIDIOC_S_FMT");
    return told(format);
  }

  Format format() {
    v4l2_format format = {};
    format.type = type_;
    demand(VIDIOC_G_FMT, &format, "VIDIOC_G_FMT");
    return told(format);
  }

  void start() {
    v4l2_requestbuffers request = {};
    request.type = type_;
    request.memory = V4L2_MEMORY_MMAP;
    request.count = kBufferCount;
    demand(VIDIOC_REQBUFS, &request, "VIDIOC_REQBUFS");
    for (uint32_t index = 0; index < request.count; ++index) {
      Buffer buffer(*this, index);
      demand(VIDIOC_QUERYBUF, &buffer.head, "VIDIOC_QUERYBUF");
      const size_t length = multiplanar_ ? buffer.plane.length : buffer.head.length;
      const uint32_t offset = multiplanar_ ? buffer.plane.m.mem_offset : buffer.head.m.offset;
      void *address = mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd_, offset);
      if (address == MAP_FAILED)
        give_up(std::string("mmap: ") + std::strerror(errno));
      memory_.push_back({static_cast<uint8_t *>(address), length});
    }
    int type = static_cast<int>(type_);
    demand(VIDIOC_STREAMON, &type, "VIDIOC_STREAMON");
  }

  uint32_t size() const { return static_cast<uint32_t>(memory_.size()); }
  const uint8_t *bytes(uint32_t index) const { return memory_[index].address; }

  void queue(uint32_t index, const Bytes &bytes = {}, long time_us = 0) {
    if (bytes.size() > memory_[index].length)
      give_up("a frame of " + std::to_string(bytes.size()) + " bytes does not fit the decoder's buffers");
    std::copy(bytes.begin(), bytes.end(), memory_[index].address);
    Buffer buffer(*this, index);
    buffer.head.timestamp.tv_sec = time_us / 1000000;
    buffer.head.timestamp.tv_usec = time_us % 1000000;
    (multiplanar_ ? buffer.plane.bytesused : buffer.head.bytesused) = static_cast<uint32_t>(bytes.size());
    demand(VIDIOC_QBUF, &buffer.head, "VIDIOC_QBUF");
  }

  struct Done {
    uint32_t index;
    uint32_t flags;
    uint32_t byte_count;
    long time_us;
  };

  /** False when no buffer is done. */
  bool dequeue(Done *done) {
    Buffer buffer(*this, 0);
    if (ioctl(fd_, VIDIOC_DQBUF, &buffer.head) != 0) {
      if (errno == EAGAIN || errno == EPIPE)
        return false;
      give_up(std::string("VIDIOC_DQBUF: ") + std::strerror(errno));
    }
    *done = {buffer.head.index, buffer.head.flags, multiplanar_ ? buffer.plane.bytesused : buffer.head.bytesused,
             buffer.head.timestamp.tv_sec * 1000000 + buffer.head.timestamp.tv_usec};
    return true;
  }

  uint32_t type() const { return type_; }

private:
  struct Buffer {
    Buffer(const Queue &queue, uint32_t index) : plane(), head() {
      head.type = queue.type_;
      head.memory = V4L2_MEMORY_MMAP;
      head.index = index;
      head.field = V4L2_FIELD_NONE;
      if (queue.multiplanar_) {
        head.m.planes = &plane;
        head.length = 1;
      }
    }
    v4l2_plane plane;
    v4l2_buffer head;
  };
  struct Memory {
    uint8_t *address;
    size_t length;
  };

  void demand(unsigned long request, void *argument, const char *name) const {
    if (ioctl(fd_, request, argument) != 0)
      give_up(std::string(name) + ": " + std::strerror(errno));
  }

  Format told(const v4l2_format &format) const {
    const v4l2_pix_format_mplane &multi = format.fmt.pix_mp;
    const v4l2_pix_format &single = format.fmt.pix;
    if (multiplanar_)
      return {multi.width, multi.height, multi.pixelformat, multi.plane_fmt[0].bytesperline,
              multi.plane_fmt[0].sizeimage};
    return {single.width, single.height, single.pixelformat, single.bytesperline, single.sizeimage};
  }

  const int fd_;
  const bool multiplanar_;
  const uint32_t type_;
  std::vector<Memory> memory_;
};
