// What a context's ioctls and its encoder thread share. All of it is guarded by the record's lock.
#pragma once

#include "../../../shim/common/doorbell.h"
#include "buffer_queue.h"
#include "node.h"

#include <condition_variable>
#include <deque>

namespace m2m {

struct Stream {
  Stream(Node &node, ContextRecord &record, uint32_t output_type, uint32_t capture_type) :
      node(node),
      record(record),
      output(node.switches, record, output_type),
      capture(node.switches, record, capture_type) {}

  bool is_running() const { return output.is_streaming() && capture.is_streaming(); }

  /** Wakes whoever waits for a change: in poll(), in DQBUF, in the encoder thread. */
  void announce() {
    bell.ring();
    changed.notify_all();
  }

  Node &node;
  ContextRecord &record;
  BufferQueue output;
  BufferQueue capture;
  bool is_first = false;    // the process's first context that streams: some switches are about that one only
  bool wants_eos = false;   // V4L2_EVENT_EOS is subscribed to
  uint32_t eos_waiting = 0; // events not taken yet
  uint32_t eos_taken = 0;
  std::condition_variable changed;
  csi::Doorbell bell;
};

} // namespace m2m
