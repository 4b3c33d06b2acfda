// libcamera allows one CameraManager in a process and aborts at a second one.
#pragma once

namespace csi {

/** The right to have a CameraManager, as long as it lives. */
class ManagerSlot {
public:
  /** Throws Error (-EBUSY) when it is taken. */
  ManagerSlot();
  ~ManagerSlot();
  ManagerSlot(const ManagerSlot &) = delete;
  ManagerSlot &operator=(const ManagerSlot &) = delete;
};

} // namespace csi
