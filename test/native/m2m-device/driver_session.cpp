#include "driver_session.h"

#include "../../../shim/common/fd.h"

#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <sys/mman.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

namespace m2m::driver {
namespace {

using csi::Fd;

constexpr uint32_t kBuffers = 4;

uint8_t grey_of(uint32_t frame) {
  return static_cast<uint8_t>(32 + frame * 7 % 163);
}

timeval time_of(uint32_t frame) {
  const int64_t time_us = int64_t{frame + 1} * 33'333;
  return {time_us / 1'000'000, time_us % 1'000'000};
}

uint32_t fourcc_of(const std::string &text) {
  return v4l2_fourcc(text[0], text[1], text[2], text[3]);
}

/** A buffer that both the program and the device can reach. */
struct Memory {
  Fd dmabuf;
  uint8_t *start = nullptr;
  size_t byte_count = 0;

  Memory(int fd, size_t byte_count, off_t offset, Fd dmabuf) : dmabuf(std::move(dmabuf)), byte_count(byte_count) {
    void *mapped = mmap(nullptr, byte_count, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
    if (mapped == MAP_FAILED)
      throw Failure{"mmap", errno};
    start = static_cast<uint8_t *>(mapped);
  }
  Memory(Memory &&other) noexcept :
      dmabuf(std::move(other.dmabuf)),
      start(std::exchange(other.start, nullptr)),
      byte_count(other.byte_count) {}
  ~Memory() {
    if (start)
      munmap(start, byte_count);
  }
};

/** A v4l2_buffer with its plane, whichever API it is for. */
struct Slot {
  v4l2_buffer buffer = {};
  v4l2_plane plane = {};

  Slot(uint32_t type, uint32_t memory, uint32_t index) {
    buffer.type = type;
    buffer.memory = memory;
    buffer.index = index;
    if (has_planes()) {
      buffer.m.planes = &plane;
      buffer.length = 1;
    }
  }
  Slot(const Slot &) = delete;
  bool has_planes() const { return V4L2_TYPE_IS_MULTIPLANAR(buffer.type); }
  uint32_t bytes_used() const { return has_planes() ? plane.bytesused : buffer.bytesused; }
  uint32_t length() const { return has_planes() ? plane.length : buffer.length; }
  uint32_t offset() const { return has_planes() ? plane.m.mem_offset : buffer.m.offset; }
  void set_bytes_used(uint32_t bytes) { (has_planes() ? plane.bytesused : buffer.bytesused) = bytes; }
  void set_dmabuf(int fd, uint32_t length) {
    if (has_planes())
      plane.m.fd = fd;
    else
      buffer.m.fd = fd;
    (has_planes() ? plane.length : buffer.length) = length;
  }
};

class Session {
public:
  Session(const Found &found, const Options &options, std::ostream &stream) :
      options_(options),
      stream_(stream),
      output_(found.is_multi_planar ? V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE : V4L2_BUF_TYPE_VIDEO_OUTPUT),
      capture_(found.is_multi_planar ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE : V4L2_BUF_TYPE_VIDEO_CAPTURE),
      coded_(found.coded),
      memory_(options.text("memory", "mmap") == "mmap" ? V4L2_MEMORY_MMAP : V4L2_MEMORY_DMABUF),
      fd_(open(found.path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC)) {}

  std::string run() {
    try {
      if (fd_.get() < 0)
        throw Failure{"open", errno};
      agree();
      begin();
      encode();
      end();
    } catch (const Failure &failure) {
      failure_ = failure;
    }
    return report();
  }

private:
  void agree() {
    const std::string size = options_.text("size", "320x240");
    width_ = static_cast<uint32_t>(std::stoul(size));
    height_ = static_cast<uint32_t>(std::stoul(size.substr(size.find('x') + 1)));
    if (is_mistake("output_first"))
      set_format(output_, V4L2_PIX_FMT_YUV420);
    set_format(capture_, coded_);
    set_format(output_, fourcc_of(options_.text("format", "YU12")));
    v4l2_selection crop = {};
    crop.type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
    crop.target = V4L2_SEL_TGT_CROP;
    crop.r = {0, 0, width_, height_};
    call(fd_.get(), VIDIOC_S_SELECTION, "S_SELECTION", crop);
    v4l2_streamparm parameters = {};
    parameters.type = output_;
    parameters.parm.output.timeperframe = {1, 30};
    call(fd_.get(), VIDIOC_S_PARM, "S_PARM", parameters);
    v4l2_event_subscription subscription = {};
    subscription.type = V4L2_EVENT_EOS;
    call(fd_.get(), VIDIOC_SUBSCRIBE_EVENT, "SUBSCRIBE_EVENT", subscription);
    set_controls();
    pollfd entry = {fd_.get(), POLLIN | POLLOUT, 0};
    poll(&entry, 1, 0);
    is_idle_an_error_ = entry.revents == POLLERR;
  }

  bool is_mistake(const char *which) const { return options_.text("mistake", "") == which; }

  void set_controls() {
    std::vector<v4l2_ext_control> controls;
    std::istringstream all(options_.text("set", ""));
    for (std::string one; std::getline(all, one, '+');) {
      v4l2_ext_control &control = controls.emplace_back(v4l2_ext_control{});
      control.id = static_cast<uint32_t>(std::stoul(one, nullptr, 0));
      control.value = std::stoi(one.substr(one.find(':') + 1));
    }
    v4l2_ext_controls list = {};
    list.count = static_cast<uint32_t>(controls.size());
    list.controls = controls.data();
    call(fd_.get(), VIDIOC_S_EXT_CTRLS, "S_EXT_CTRLS", list);
  }

  void set_format(uint32_t type, uint32_t fourcc) {
    v4l2_format format = {};
    format.type = type;
    if (V4L2_TYPE_IS_MULTIPLANAR(type)) {
      format.fmt.pix_mp.width = width_;
      format.fmt.pix_mp.height = height_;
      format.fmt.pix_mp.pixelformat = fourcc;
      format.fmt.pix_mp.num_planes = 1;
    } else {
      format.fmt.pix.width = width_;
      format.fmt.pix.height = height_;
      format.fmt.pix.pixelformat = fourcc;
    }
    call(fd_.get(), VIDIOC_S_FMT, "S_FMT", format);
    if (type != output_)
      return;
    const bool has_planes = V4L2_TYPE_IS_MULTIPLANAR(type);
    coded_height_ = has_planes ? format.fmt.pix_mp.height : format.fmt.pix.height;
    bytes_per_line_ = has_planes ? format.fmt.pix_mp.plane_fmt[0].bytesperline : format.fmt.pix.bytesperline;
    size_image_ = has_planes ? format.fmt.pix_mp.plane_fmt[0].sizeimage : format.fmt.pix.sizeimage;
    plane_count_ = has_planes ? format.fmt.pix_mp.num_planes : 1;
    if (bytes_per_line_ < width_ || uint64_t{bytes_per_line_} * coded_height_ * 3 / 2 != size_image_ ||
        plane_count_ != 1)
      throw Failure{"S_FMT's answer", ERANGE};
  }

  void request(uint32_t type, uint32_t memory) {
    v4l2_requestbuffers request = {};
    request.count = kBuffers;
    request.type = type;
    request.memory = memory;
    call(fd_.get(), VIDIOC_REQBUFS, "REQBUFS", request);
  }

  std::vector<Memory> map_all(uint32_t type) {
    std::vector<Memory> memories;
    for (uint32_t i = 0; i < kBuffers; ++i) {
      Slot slot(type, V4L2_MEMORY_MMAP, i);
      call(fd_.get(), VIDIOC_QUERYBUF, "QUERYBUF", slot.buffer);
      memories.emplace_back(fd_.get(), slot.length(), slot.offset(), Fd());
    }
    return memories;
  }

  std::vector<Memory> allocate_all() {
    const Fd heap(open("/dev/dma_heap/linux,cma", O_RDWR | O_CLOEXEC));
    std::vector<Memory> memories;
    for (uint32_t i = 0; i < kBuffers; ++i) {
      dma_heap_allocation_data allocation = {};
      allocation.len = size_image_;
      allocation.fd_flags = O_RDWR | O_CLOEXEC;
      call(heap.get(), DMA_HEAP_IOCTL_ALLOC, "DMA_HEAP_IOCTL_ALLOC", allocation);
      const int fd = static_cast<int>(allocation.fd);
      memories.emplace_back(fd, size_image_, 0, Fd(fd));
    }
    return memories;
  }

  void begin() {
    request(output_, memory_);
    request(capture_, V4L2_MEMORY_MMAP);
    pictures_ = memory_ == V4L2_MEMORY_MMAP ? map_all(output_) : allocate_all();
    packets_ = map_all(capture_);
    for (uint32_t i = 0; i < kBuffers; ++i) {
      queue_capture(i);
      free_.push_back(i);
    }
    if (memory_ == V4L2_MEMORY_DMABUF) {
      Slot slot(output_, memory_, 0);
      slot.set_dmabuf(pictures_[0].dmabuf.get(), size_image_);
      slot.set_bytes_used(size_image_);
      prepare_error_ = try_call(fd_.get(), VIDIOC_PREPARE_BUF, slot.buffer);
    }
    int output = static_cast<int>(output_), capture = static_cast<int>(capture_);
    call(fd_.get(), VIDIOC_STREAMON, "STREAMON", output);
    call(fd_.get(), VIDIOC_STREAMON, "STREAMON", capture);
  }

  void sync(uint32_t index, uint64_t flags) {
    if (memory_ != V4L2_MEMORY_DMABUF)
      return;
    dma_buf_sync sync = {flags | DMA_BUF_SYNC_WRITE};
    call(pictures_[index].dmabuf.get(), DMA_BUF_IOCTL_SYNC, "DMA_BUF_IOCTL_SYNC", sync);
  }

  void paint(uint32_t index, uint8_t grey) {
    uint8_t *start = pictures_[index].start;
    const size_t luma_bytes = size_t{bytes_per_line_} * coded_height_;
    memset(start, 0, size_image_); // what is not visible is far from any grey
    for (uint32_t row = 0; row < height_; ++row)
      memset(start + size_t{row} * bytes_per_line_, grey, width_);
    const bool is_interleaved = options_.text("format", "").rfind("NV", 0) == 0;
    for (size_t i = 0; i < luma_bytes / 2; ++i) // 100 and 150, in the format's own order
      start[luma_bytes + i] = (is_interleaved ? i % 2 == 0 : i < luma_bytes / 4) ? 100 : 150;
  }

  void encode() {
    const uint32_t frame_count = options_.number("frames", 20);
    while (next_frame_ < frame_count) {
      while (free_.empty())
        wait();
      const uint32_t index = free_.back();
      free_.pop_back();
      v4l2_control force_key = {V4L2_CID_MPEG_VIDEO_FORCE_KEY_FRAME, 1};
      if (next_frame_ == options_.number("force_key_at", UINT32_MAX))
        call(fd_.get(), VIDIOC_S_CTRL, "S_CTRL", force_key);
      const bool is_first = next_frame_ == 0;
      if (!is_first || !is_mistake("lone_end"))
        sync(index, DMA_BUF_SYNC_START);
      if (is_first && is_mistake("double_start"))
        sync(index, DMA_BUF_SYNC_START);
      paint(index, grey_of(next_frame_));
      if (!is_first || !is_mistake("open_queue"))
        sync(index, DMA_BUF_SYNC_END);
      queue_picture(index);
      if (is_first && is_mistake("open_queue"))
        sync(index, DMA_BUF_SYNC_END);
      if (options_.number("early_reuse", 0) == 1)
        paint(index, 235);
      ++next_frame_;
    }
  }

  void queue_picture(uint32_t index) {
    Slot slot(output_, memory_, index);
    if (memory_ == V4L2_MEMORY_DMABUF)
      slot.set_dmabuf(pictures_[index].dmabuf.get(), size_image_);
    slot.set_bytes_used(next_frame_ == 1 && is_mistake("no_bytes") ? 0 : size_image_);
    slot.buffer.timestamp = next_frame_ == 1 && is_mistake("no_time") ? timeval{} : time_of(next_frame_);
    call(fd_.get(), VIDIOC_QBUF, "QBUF", slot.buffer);
    if (next_frame_ == 1 && is_mistake("twice"))
      twice_error_ = try_call(fd_.get(), VIDIOC_QBUF, slot.buffer);
  }

  void queue_capture(uint32_t index) {
    Slot slot(capture_, V4L2_MEMORY_MMAP, index);
    call(fd_.get(), VIDIOC_QBUF, "QBUF", slot.buffer);
  }

  /** Waits until there is something to take, and takes it all. */
  void wait() {
    pollfd entry = {fd_.get(), POLLIN | POLLOUT | POLLPRI, 0};
    const int ready = poll(&entry, 1, static_cast<int>(options_.number("patience", 5000)));
    if (ready <= 0)
      throw Failure{"poll", ready == 0 ? ETIME : errno};
    if (entry.revents & POLLHUP)
      throw Failure{"poll", ENODEV};
    if (entry.revents & POLLERR)
      throw Failure{"poll", EIO};
    take_pictures();
    take_packets();
    v4l2_event event = {};
    if (try_call(fd_.get(), VIDIOC_DQEVENT, event) == 0)
      has_eos_event_ = event.type == V4L2_EVENT_EOS;
  }

  void take_pictures() {
    for (;;) {
      Slot slot(output_, memory_, 0);
      const int error = try_call(fd_.get(), VIDIOC_DQBUF, slot.buffer);
      if (error == EAGAIN)
        return;
      if (error != 0)
        throw Failure{"DQBUF OUTPUT", error};
      free_.push_back(slot.buffer.index);
    }
  }

  void take_packets() {
    while (!is_ended_) {
      Slot slot(capture_, V4L2_MEMORY_MMAP, 0);
      const int error = try_call(fd_.get(), VIDIOC_DQBUF, slot.buffer);
      if (error == EAGAIN)
        return;
      if (error != 0)
        throw Failure{"DQBUF CAPTURE", error};
      stream_.write(reinterpret_cast<const char *>(packets_[slot.buffer.index].start), slot.bytes_used());
      packets_seen_.push_back(describe(slot));
      if (slot.buffer.flags & V4L2_BUF_FLAG_LAST) {
        is_ended_ = true;
        error_after_last_ = try_call(fd_.get(), VIDIOC_DQBUF, slot.buffer);
      } else {
        queue_capture(slot.buffer.index);
      }
    }
  }

  static std::string describe(const Slot &slot) {
    const int64_t time_us = int64_t{slot.buffer.timestamp.tv_sec} * 1'000'000 + slot.buffer.timestamp.tv_usec;
    return json::object({{"timeUs", json::number(time_us)},
                         {"bytes", json::number(slot.bytes_used())},
                         {"isKey", json::boolean(slot.buffer.flags & V4L2_BUF_FLAG_KEYFRAME)},
                         {"isError", json::boolean(slot.buffer.flags & V4L2_BUF_FLAG_ERROR)},
                         {"isLast", json::boolean(slot.buffer.flags & V4L2_BUF_FLAG_LAST)}});
  }

  void end() {
    v4l2_encoder_cmd command = {};
    command.cmd = V4L2_ENC_CMD_STOP;
    call(fd_.get(), VIDIOC_ENCODER_CMD, "ENCODER_CMD", command);
    while (!is_ended_ && !has_eos_event_)
      wait();
    take_pictures();
    if (is_mistake("open_close"))
      sync(0, DMA_BUF_SYNC_START);
    int output = static_cast<int>(output_), capture = static_cast<int>(capture_);
    call(fd_.get(), VIDIOC_STREAMOFF, "STREAMOFF", output);
    call(fd_.get(), VIDIOC_STREAMOFF, "STREAMOFF", capture);
  }

  std::string report() const {
    const std::string failure =
        failure_ ? json::object({{"call", json::text(failure_->call)}, {"error", error_text(failure_->error)}})
                 : "null";
    return json::object({{"width", json::number(width_)},
                         {"height", json::number(height_)},
                         {"codedHeight", json::number(coded_height_)},
                         {"bytesPerLine", json::number(bytes_per_line_)},
                         {"sizeImage", json::number(size_image_)},
                         {"planeCount", json::number(plane_count_)},
                         {"packets", json::array(packets_seen_)},
                         {"picturesFree", json::number(static_cast<int64_t>(free_.size()))},
                         {"isIdleAnError", json::boolean(is_idle_an_error_)},
                         {"prepareError", error_text(prepare_error_)},
                         {"twiceError", error_text(twice_error_)},
                         {"errorAfterLast", error_text(error_after_last_)},
                         {"hasEosEvent", json::boolean(has_eos_event_)},
                         {"failure", failure}});
  }

  const Options &options_;
  std::ostream &stream_;
  const uint32_t output_;
  const uint32_t capture_;
  const uint32_t coded_;
  const uint32_t memory_;
  const Fd fd_;
  uint32_t width_ = 0, height_ = 0, coded_height_ = 0, bytes_per_line_ = 0, size_image_ = 0, plane_count_ = 0;
  std::vector<Memory> pictures_;
  std::vector<Memory> packets_;
  std::vector<uint32_t> free_;
  uint32_t next_frame_ = 0;
  std::vector<std::string> packets_seen_;
  bool is_ended_ = false;
  bool has_eos_event_ = false;
  int prepare_error_ = 0;
  int twice_error_ = 0;
  int error_after_last_ = 0;
  bool is_idle_an_error_ = false;
  std::optional<Failure> failure_;
};

} // namespace

std::string run_session(const Found &found, const Options &options, std::ostream &stream) {
  return Session(found, options, stream).run();
}

} // namespace m2m::driver
