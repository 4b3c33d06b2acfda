#include "manager_slot.h"

#include "error.h"

#include <atomic>

namespace csi {
namespace {

std::atomic<bool> taken{false};

} // namespace

ManagerSlot::ManagerSlot() {
  if (taken.exchange(true))
    throw Error(-EBUSY, "libcamera is in use by another camera of this process");
}

ManagerSlot::~ManagerSlot() {
  taken = false;
}

} // namespace csi
