// The device nodes that this library adds to the machine.
#pragma once

#include "switches.h"

#include <atomic>
#include <list>
#include <string>
#include <vector>

namespace m2m {

class Node {
public:
  explicit Node(Switches switches) : switches(std::move(switches)) {}

  const Switches switches;

  /** A CAPTURE buffer was dequeued: after so many of them the node may be gone. */
  void count_delivered() { ++delivered_; }
  bool is_gone() const { return switches.vanish_after && delivered_ >= *switches.vanish_after; }

private:
  std::atomic<uint32_t> delivered_{0};
};

/** All nodes of this process; made from CSI_TEST_M2M once, never destroyed. */
std::list<Node> &nodes();

/** nullptr: none of ours, or gone. */
Node *find_node(const std::string &path);

/** Names in /dev. */
std::vector<std::string> node_names();

} // namespace m2m
