// What the report tells of one open node. It outlives the context.
#pragma once

#include "format_negotiation.h"

#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace m2m {

struct ContextRecord {
  ContextRecord(int number, const std::string &node) : number(number), node(node) {}

  const int number; // from 1, in the order of opening
  const std::string node;

  /** The context's own lock: it guards all that follows, and the context. */
  std::mutex mutex;
  bool is_closed = false;
  std::optional<QueueFormat> output_format; // as set by the program
  std::optional<QueueFormat> capture_format;
  std::optional<v4l2_fract> frame_interval;
  std::optional<FormatNegotiation::Size> crop;
  std::map<std::string, int32_t> controls_set; // the last value of each
  int key_frames_forced = 0;

  uint32_t output_memory = 0; // enum v4l2_memory
  size_t output_buffers = 0;
  size_t capture_buffers = 0;
  size_t output_buffers_held_max = 0; // between QBUF and DQBUF
  bool was_output_streamed_off = false;
  bool was_capture_streamed_off = false;

  uint32_t frames_queued = 0;
  uint32_t frames_encoded = 0;
  uint32_t frames_skipped = 0;
  uint32_t frames_given_back = 0;
  uint32_t capture_buffers_delivered = 0; // dequeued by the program
  int64_t encoder_cpu_ns = 0;             // CLOCK_THREAD_CPUTIME_ID

  struct Imports {
    uint32_t fresh = 0;
    uint32_t reused = 0;
  };
  std::vector<Imports> imports; // by index of the OUTPUT buffer

  std::atomic<uint32_t> buffers_mapped{0};
  std::atomic<uint32_t> buffers_unmapped{0};
};

} // namespace m2m
