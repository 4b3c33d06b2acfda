#include "journal.h"

#include "json.h"
#include "raw_format.h"

#include <string.h>
#include <unistd.h>

#include <cstdlib>

namespace m2m {
namespace {

std::string describe(const std::optional<QueueFormat> &format) {
  if (!format)
    return "null";
  return json::object({{"fourcc", json::text(fourcc_name(format->fourcc))},
                       {"width", json::number(format->width)},
                       {"height", json::number(format->height)},
                       {"bytesPerLine", json::number(format->bytes_per_line)},
                       {"sizeImage", json::number(format->size_image)},
                       {"colourSpace", json::number(format->colour_space)},
                       {"transfer", json::number(format->transfer)},
                       {"matrix", json::number(format->matrix)},
                       {"quantization", json::number(format->quantization)}});
}

std::string describe(const std::optional<v4l2_fract> &interval) {
  return interval ? json::array({json::number(interval->numerator), json::number(interval->denominator)}) : "null";
}

std::string describe(const std::optional<FormatNegotiation::Size> &size) {
  return size ? json::array({json::number(size->width), json::number(size->height)}) : "null";
}

std::string memory_name(uint32_t memory) {
  return memory == V4L2_MEMORY_MMAP ? json::text("mmap") : memory == V4L2_MEMORY_DMABUF ? json::text("dmabuf") : "null";
}

std::string describe(ContextRecord &record) {
  const std::lock_guard lock(record.mutex);
  std::vector<std::pair<std::string, std::string>> controls;
  for (const auto &[name, value] : record.controls_set)
    controls.emplace_back(name, json::number(value));
  std::vector<std::string> imports;
  for (const auto &[fresh, reused] : record.imports)
    imports.push_back(json::object({{"fresh", json::number(fresh)}, {"reused", json::number(reused)}}));
  return json::object({{"number", json::number(record.number)},
                       {"node", json::text(record.node)},
                       {"isClosed", json::boolean(record.is_closed)},
                       {"outputFormat", describe(record.output_format)},
                       {"captureFormat", describe(record.capture_format)},
                       {"frameInterval", describe(record.frame_interval)},
                       {"crop", describe(record.crop)},
                       {"controls", json::object(controls)},
                       {"keyFramesForced", json::number(record.key_frames_forced)},
                       {"outputMemory", memory_name(record.output_memory)},
                       {"outputBuffers", json::number(static_cast<int64_t>(record.output_buffers))},
                       {"captureBuffers", json::number(static_cast<int64_t>(record.capture_buffers))},
                       {"outputBuffersHeldMax", json::number(static_cast<int64_t>(record.output_buffers_held_max))},
                       {"wasOutputStreamedOff", json::boolean(record.was_output_streamed_off)},
                       {"wasCaptureStreamedOff", json::boolean(record.was_capture_streamed_off)},
                       {"framesQueued", json::number(record.frames_queued)},
                       {"framesEncoded", json::number(record.frames_encoded)},
                       {"framesSkipped", json::number(record.frames_skipped)},
                       {"framesGivenBack", json::number(record.frames_given_back)},
                       {"captureBuffersDelivered", json::number(record.capture_buffers_delivered)},
                       {"imports", json::array(imports)},
                       {"buffersMapped", json::number(record.buffers_mapped)},
                       {"buffersUnmapped", json::number(record.buffers_unmapped)},
                       {"encoderCpuNs", json::number(record.encoder_cpu_ns)}});
}

std::string describe(const TraceEntry &entry) {
  return json::object({{"context", json::number(entry.context)},
                       {"call", json::text(entry.call)},
                       {"queue", json::text(entry.queue)},
                       {"detail", json::text(entry.detail)},
                       {"error", json::text(entry.error ? strerrorname_np(entry.error) : "")}});
}

} // namespace

Journal &journal() {
  static Journal &only = *new Journal;
  return only;
}

ContextRecord &Journal::open_context(const std::string &node) {
  const std::lock_guard lock(mutex_);
  return contexts_.emplace_back(static_cast<int>(contexts_.size()) + 1, node);
}

void Journal::violation(const std::string &sentence) {
  const std::lock_guard lock(mutex_);
  violations_.push_back(sentence);
}

void Journal::violation(const ContextRecord &where, const std::string &sentence) {
  violation("context " + std::to_string(where.number) + ": " + sentence);
}

void Journal::trace(TraceEntry entry) {
  const std::lock_guard lock(mutex_);
  trace_.push_back(std::move(entry));
}

void Journal::count_sync(bool is_write) {
  const std::lock_guard lock(mutex_);
  ++(is_write ? writes_synced_ : reads_synced_);
}

void Journal::count_heap_buffer() {
  const std::lock_guard lock(mutex_);
  ++heap_buffers_;
}

std::string Journal::report() {
  std::vector<std::string> contexts, violations, trace;
  // A context that holds its own lock may want ours.
  for (ContextRecord *record : opened_contexts())
    contexts.push_back(describe(*record));
  const std::lock_guard lock(mutex_);
  for (const std::string &sentence : violations_)
    violations.push_back(json::text(sentence));
  for (const TraceEntry &entry : trace_)
    trace.push_back(describe(entry));
  return json::object({{"contexts", json::array(contexts)},
                       {"heapBuffers", json::number(heap_buffers_)},
                       {"readsSynced", json::number(reads_synced_)},
                       {"writesSynced", json::number(writes_synced_)},
                       {"violations", json::array(violations)},
                       {"trace", json::array(trace)}});
}

std::vector<ContextRecord *> Journal::opened_contexts() {
  const std::lock_guard lock(mutex_);
  std::vector<ContextRecord *> all;
  for (ContextRecord &record : contexts_)
    all.push_back(&record);
  return all;
}

bool Journal::is_empty() {
  const std::lock_guard lock(mutex_);
  return contexts_.empty() && violations_.empty() && heap_buffers_ + reads_synced_ + writes_synced_ == 0;
}

void Journal::write() noexcept {
  const char *path = std::getenv("CSI_TEST_M2M_REPORT");
  if (!path)
    return;
  try {
    // A child of the program under test, which inherits the library, has nothing to say over its parent's report.
    if (is_empty() && access(path, F_OK) == 0)
      return;
    const std::string text = report(), draft = path + std::string(".") + std::to_string(getpid());
    FILE *file = std::fopen(draft.c_str(), "w");
    if (!file)
      return;
    const bool is_whole = std::fwrite(text.data(), 1, text.size(), file) == text.size();
    if (std::fclose(file) == 0 && is_whole)
      std::rename(draft.c_str(), path);
  } catch (const std::exception &) {
    // The test that waits for the report will say so.
  }
}

} // namespace m2m
