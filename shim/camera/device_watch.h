// Notices that a V4L2 device was unplugged. libcamera (0.0.3 to 0.7) tells that of USB cameras only; any other camera
// just falls silent.
#pragma once

#include <set>

namespace csi {

/** Looks at the V4L2 nodes that this process has open, libcamera's among them. */
class DeviceWatch {
public:
  /** What is gone already does not count. */
  DeviceWatch() : gone_before_(gone()) {}

  /** True when a node that was there is gone. A few system calls; any thread. */
  bool sees_unplugged() const;

private:
  static std::set<int> gone();

  const std::set<int> gone_before_;
};

} // namespace csi
