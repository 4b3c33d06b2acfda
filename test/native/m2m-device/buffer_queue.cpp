#include "buffer_queue.h"

#include "dma_bufs.h"
#include "journal.h"

#include <errno.h>
#include <fcntl.h>

#include <algorithm>

namespace m2m {
namespace {

// CAPTURE's cookies are told from OUTPUT's by this one bit, as in v4l2-mem2mem.
constexpr uint64_t kCaptureOffset = uint64_t{1} << 30;

constexpr uint32_t kPlanesMax = 8;
constexpr uint64_t kPageBytes = 4096;

uint64_t whole_pages(uint64_t byte_count) {
  return (byte_count + kPageBytes - 1) / kPageBytes * kPageBytes;
}

struct Plane {
  uint32_t bytes_used;
  uint32_t byte_count;
  uint32_t data_offset;
  int fd;
};

Plane plane_of(const v4l2_buffer &buffer) {
  if (V4L2_TYPE_IS_MULTIPLANAR(buffer.type)) {
    const v4l2_plane &plane = buffer.m.planes[0];
    return {plane.bytesused, plane.length, plane.data_offset, plane.m.fd};
  }
  return {buffer.bytesused, buffer.length, 0, buffer.m.fd};
}

} // namespace

BufferQueue::BufferQueue(const Switches &switches, ContextRecord &record, uint32_t type) :
    switches_(switches),
    record_(record),
    type_(type),
    is_output_(V4L2_TYPE_IS_OUTPUT(type)) {}

int BufferQueue::request(v4l2_requestbuffers &request, uint32_t size_image) {
  const bool can_import = is_output_ && switches_.dmabuf != DmaBufSupport::refuse_reqbufs;
  request.capabilities = V4L2_BUF_CAP_SUPPORTS_MMAP | (can_import ? V4L2_BUF_CAP_SUPPORTS_DMABUF : 0);
  if (request.memory != V4L2_MEMORY_MMAP && !(can_import && request.memory == V4L2_MEMORY_DMABUF))
    return -EINVAL;
  if (is_streaming_)
    return -EBUSY;
  stream_off();
  buffers_.clear();
  if (request.count == 0)
    return 0;
  const uint32_t least = is_output_ && switches_.controls == ControlSet::all ? 2 : 1;
  request.count = std::clamp<uint32_t>(request.count, least, std::max(least, switches_.buffers_max));
  memory_ = request.memory;
  size_image_ = size_image;
  buffers_.resize(request.count);
  for (Buffer &buffer : buffers_) {
    if (memory_ == V4L2_MEMORY_DMABUF)
      continue;
    const int fd = make_memfd("m2m-device", whole_pages(size_image), O_CLOEXEC);
    if (fd < 0)
      return fd;
    buffer.memory = SharedMemory(fd, whole_pages(size_image), true, true);
    buffer.byte_count = size_image;
  }
  (is_output_ ? record_.output_buffers : record_.capture_buffers) = buffers_.size();
  if (is_output_) {
    record_.output_memory = memory_;
    record_.imports.assign(memory_ == V4L2_MEMORY_DMABUF ? buffers_.size() : 0, {});
  }
  return 0;
}

int BufferQueue::check(const v4l2_buffer &buffer) const {
  if (buffer.index >= buffers_.size())
    return -EINVAL;
  if (V4L2_TYPE_IS_MULTIPLANAR(type_) && (!buffer.m.planes || buffer.length < 1 || buffer.length > kPlanesMax))
    return -EINVAL;
  return 0;
}

int BufferQueue::query(v4l2_buffer &buffer) const {
  if (const int result = check(buffer))
    return result;
  describe(buffers_[buffer.index], buffer);
  return 0;
}

int BufferQueue::prepare(v4l2_buffer &from) {
  if (const int result = check(from))
    return result;
  Buffer &buffer = buffers_[from.index];
  if (from.memory != memory_ || buffer.state != Buffer::State::dequeued || buffer.is_prepared)
    return -EINVAL;
  if (const int result = take_planes(from, buffer))
    return result;
  buffer.is_prepared = true;
  describe(buffer, from);
  return 0;
}

int BufferQueue::queue(v4l2_buffer &from) {
  if (const int result = check(from))
    return result;
  Buffer &buffer = buffers_[from.index];
  if (from.memory != memory_)
    return -EINVAL;
  if (buffer.state != Buffer::State::dequeued) {
    journal().violation(record_, "QBUF of buffer " + std::to_string(from.index) + ", which is queued already");
    return -EINVAL;
  }
  if (memory_ == V4L2_MEMORY_DMABUF && switches_.dmabuf == DmaBufSupport::refuse_queue)
    return -EFAULT;
  // What was prepared is queued as it was prepared: its planes are not looked at again.
  if (const int result = buffer.is_prepared ? 0 : take_planes(from, buffer))
    return result;
  if (memory_ == V4L2_MEMORY_DMABUF)
    dma_bufs().device_takes(buffer.identity);
  buffer.is_prepared = true;
  buffer.state = Buffer::State::queued;
  buffer.flags = 0;
  buffer.timestamp = is_output_ ? from.timestamp : timeval{};
  ready_.push_back(&buffer);
  ++held_;
  if (is_output_)
    record_.output_buffers_held_max = std::max(record_.output_buffers_held_max, held_);
  describe(buffer, from);
  return 0;
}

int BufferQueue::take_planes(const v4l2_buffer &from, Buffer &buffer) {
  const Plane plane = plane_of(from);
  if (memory_ == V4L2_MEMORY_DMABUF)
    if (const int result = import(buffer, plane.fd, plane.byte_count))
      return result;
  if (!is_output_)
    return 0;
  if (plane.bytes_used > buffer.byte_count || plane.data_offset > buffer.byte_count - size_image_)
    return -EINVAL;
  buffer.bytes_used = plane.bytes_used ? plane.bytes_used : buffer.byte_count;
  buffer.data_offset = plane.data_offset;
  if (plane.bytes_used < size_image_ + plane.data_offset)
    journal().violation(record_, "a picture of " + std::to_string(size_image_) + " bytes was queued with bytesused " +
                                     std::to_string(plane.bytes_used));
  return 0;
}

int BufferQueue::import(Buffer &buffer, int fd, uint32_t byte_count) {
  MemoryIdentity identity;
  size_t memory_bytes;
  if (!identify_memfd(fd, identity, memory_bytes))
    return -EINVAL;
  if (byte_count == 0)
    byte_count = static_cast<uint32_t>(memory_bytes);
  if (byte_count < size_image_)
    return -EINVAL;
  ContextRecord::Imports &imports = record_.imports[index_of(buffer)];
  if (buffer.memory.data() && identity == buffer.identity && byte_count == buffer.byte_count) {
    ++imports.reused;
  } else {
    if (byte_count > memory_bytes || switches_.dmabuf == DmaBufSupport::refuse_prepare)
      return -EFAULT;
    buffer.memory = SharedMemory(fd, byte_count, false, false);
    ++imports.fresh;
  }
  buffer.identity = identity;
  buffer.dmabuf_fd = fd;
  buffer.byte_count = byte_count;
  return 0;
}

int BufferQueue::dequeue(v4l2_buffer &to) {
  if (!is_streaming_)
    return -EINVAL;
  if (is_last_dequeued_)
    return -EPIPE;
  if (done_.empty())
    return -EAGAIN;
  if (V4L2_TYPE_IS_MULTIPLANAR(type_) && (!to.m.planes || to.length < 1 || to.length > kPlanesMax))
    return -EINVAL;
  Buffer &buffer = *done_.front();
  done_.pop_front();
  --held_;
  buffer.state = Buffer::State::dequeued;
  buffer.is_prepared = false;
  is_last_dequeued_ = (buffer.flags & V4L2_BUF_FLAG_LAST) != 0;
  ++(is_output_ ? record_.frames_given_back : record_.capture_buffers_delivered);
  describe(buffer, to);
  return 0;
}

int BufferQueue::stream_on() {
  if (buffers_.empty())
    return -EINVAL;
  if (!is_streaming_)
    next_sequence_ = 0;
  is_streaming_ = true;
  return 0;
}

void BufferQueue::stream_off() {
  is_streaming_ = false;
  is_last_dequeued_ = false;
  ready_.clear();
  done_.clear();
  held_ = 0;
  for (Buffer &buffer : buffers_) {
    buffer.state = Buffer::State::dequeued;
    buffer.is_prepared = false;
  }
}

Buffer *BufferQueue::take() {
  if (ready_.empty())
    return nullptr;
  Buffer *buffer = ready_.front();
  ready_.pop_front();
  return buffer;
}

void BufferQueue::finish(Buffer &buffer) {
  buffer.state = Buffer::State::done;
  buffer.sequence = next_sequence_++;
  done_.push_back(&buffer);
}

uint64_t BufferQueue::offset_of(const Buffer &buffer) const {
  return index_of(buffer) * whole_pages(size_image_) + (is_output_ ? 0 : kCaptureOffset);
}

int BufferQueue::find_memory(uint64_t offset, size_t byte_count, int &fd) const {
  if (memory_ != V4L2_MEMORY_MMAP)
    return -EINVAL;
  for (const Buffer &buffer : buffers_) {
    if (offset_of(buffer) != offset)
      continue;
    fd = buffer.memory.fd();
    return whole_pages(byte_count) <= buffer.memory.byte_count() ? 0 : -EINVAL;
  }
  return -EINVAL;
}

void BufferQueue::describe(const Buffer &buffer, v4l2_buffer &to) const {
  to.index = static_cast<uint32_t>(index_of(buffer));
  to.type = type_;
  to.memory = memory_;
  to.field = V4L2_FIELD_NONE;
  to.timestamp = buffer.timestamp;
  to.sequence = buffer.sequence;
  to.flags = buffer.flags | V4L2_BUF_FLAG_TIMESTAMP_COPY;
  if (buffer.state == Buffer::State::queued)
    to.flags |= V4L2_BUF_FLAG_QUEUED;
  else if (buffer.state == Buffer::State::done)
    to.flags |= V4L2_BUF_FLAG_DONE;
  else if (buffer.is_prepared)
    to.flags |= V4L2_BUF_FLAG_PREPARED;
  if (V4L2_TYPE_IS_MULTIPLANAR(type_)) {
    to.bytesused = 0;
    to.length = 1;
    v4l2_plane &plane = to.m.planes[0] = {};
    plane.bytesused = buffer.bytes_used;
    plane.length = buffer.byte_count;
    plane.data_offset = buffer.data_offset;
    if (memory_ == V4L2_MEMORY_MMAP)
      plane.m.mem_offset = static_cast<uint32_t>(offset_of(buffer));
    else
      plane.m.fd = buffer.dmabuf_fd;
    return;
  }
  to.bytesused = buffer.bytes_used;
  to.length = buffer.byte_count;
  if (memory_ == V4L2_MEMORY_MMAP)
    to.m.offset = static_cast<uint32_t>(offset_of(buffer));
  else
    to.m.fd = buffer.dmabuf_fd;
}

} // namespace m2m
