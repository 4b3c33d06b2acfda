// What happened in this process, for the report: contexts, broken rules, and each ioctl where a node is traced.
#pragma once

#include "context_record.h"

#include <list>
#include <mutex>
#include <string>
#include <vector>

namespace m2m {

struct TraceEntry {
  int context;        // the record's number
  std::string call;   // QBUF
  std::string queue;  // OUTPUT, CAPTURE or nothing
  std::string detail; // index 0, 3133440 bytes, …
  int error;          // errno
};

/** Thread safe, and may be called with a record locked, but for write(). */
class Journal {
public:
  ContextRecord &open_context(const std::string &node);
  void violation(const std::string &sentence);
  void violation(const ContextRecord &where, const std::string &sentence);
  void trace(TraceEntry entry);
  void count_sync(bool is_write);
  void count_heap_buffer();

  /** Writes CSI_TEST_M2M_REPORT, as a whole or not at all. */
  void write() noexcept;

private:
  std::string report();
  std::vector<ContextRecord *> opened_contexts();
  bool is_empty();

  std::mutex mutex_;
  std::list<ContextRecord> contexts_;
  std::vector<std::string> violations_;
  std::vector<TraceEntry> trace_;
  uint32_t reads_synced_ = 0;
  uint32_t writes_synced_ = 0;
  uint32_t heap_buffers_ = 0;
};

/** The process's one journal. It is never destroyed: threads may still be at work when the process ends. */
Journal &journal();

} // namespace m2m
