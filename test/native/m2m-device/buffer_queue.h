// One side of a context: its buffers and whose they are, by the rules of the kernel's videobuf2.
#pragma once

#include "context_record.h"
#include "shared_memory.h"
#include "switches.h"

#include <linux/videodev2.h>

#include <deque>
#include <vector>

namespace m2m {

struct Buffer {
  enum class State { dequeued, queued, done };

  State state = State::dequeued;
  bool is_prepared = false;
  SharedMemory memory;     // our mapping of it; nothing before the first import
  MemoryIdentity identity; // of an imported dmabuf
  int dmabuf_fd = -1;      // as the program named it
  uint32_t byte_count = 0; // its one plane's
  uint32_t bytes_used = 0;
  uint32_t data_offset = 0;
  uint32_t flags = 0;
  uint32_t sequence = 0;
  timeval timestamp = {};
};

/** Handlers of ioctls: 0 or -errno. Not locked: that is the context's. */
class BufferQueue {
public:
  BufferQueue(const Switches &switches, ContextRecord &record, uint32_t type);

  int request(v4l2_requestbuffers &request, uint32_t size_image);
  int query(v4l2_buffer &buffer) const;
  int prepare(v4l2_buffer &buffer);
  int queue(v4l2_buffer &buffer);
  /** -EAGAIN where it would have to wait. */
  int dequeue(v4l2_buffer &buffer);
  int stream_on();
  void stream_off();

  /** Where the memory with this mmap() cookie is; -EINVAL. */
  int find_memory(uint64_t offset, size_t byte_count, int &fd) const;

  /** The encoder's side. Takes the buffer that was queued first; nullptr: there is none. */
  Buffer *take();
  /** The one that was taken comes first again. */
  void put_back(Buffer &buffer) { ready_.push_front(&buffer); }
  /** Gives it back to the program. With V4L2_BUF_FLAG_LAST it is the last one until streaming ends. */
  void finish(Buffer &buffer);

  bool has_ready() const { return !ready_.empty(); }
  size_t ready() const { return ready_.size(); }
  bool has_done() const { return !done_.empty(); }
  bool has_ended() const { return is_last_dequeued_; }
  bool is_streaming() const { return is_streaming_; }
  bool is_busy() const { return !buffers_.empty(); }
  /** Queued and not dequeued yet. */
  size_t held() const { return held_; }

private:
  int check(const v4l2_buffer &buffer) const;
  int take_planes(const v4l2_buffer &from, Buffer &buffer);
  int import(Buffer &buffer, int fd, uint32_t byte_count);
  void describe(const Buffer &buffer, v4l2_buffer &to) const;
  uint64_t offset_of(const Buffer &buffer) const;
  size_t index_of(const Buffer &buffer) const { return static_cast<size_t>(&buffer - buffers_.data()); }

  const Switches &switches_;
  ContextRecord &record_;
  const uint32_t type_;
  const bool is_output_;
  uint32_t memory_ = 0; // enum v4l2_memory
  uint32_t size_image_ = 0;
  std::vector<Buffer> buffers_;
  std::deque<Buffer *> ready_;
  std::deque<Buffer *> done_;
  size_t held_ = 0;
  uint32_t next_sequence_ = 0;
  bool is_streaming_ = false;
  bool is_last_dequeued_ = false;
};

} // namespace m2m
