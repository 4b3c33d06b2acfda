#include "node.h"

#include <cstdlib>

namespace m2m {

std::list<Node> &nodes() {
  static std::list<Node> &all = *[] {
    auto *list = new std::list<Node>;
    for (Switches &switches : parse_switches(std::getenv("CSI_TEST_M2M")))
      list->emplace_back(std::move(switches));
    return list;
  }();
  return all;
}

Node *find_node(const std::string &path) {
  for (Node &node : nodes())
    if (node.switches.node == path && !node.is_gone())
      return &node;
  return nullptr;
}

std::vector<std::string> node_names() {
  std::vector<std::string> names;
  for (const Node &node : nodes())
    if (!node.is_gone())
      names.push_back(node.switches.node.substr(node.switches.node.rfind('/') + 1));
  return names;
}

} // namespace m2m
