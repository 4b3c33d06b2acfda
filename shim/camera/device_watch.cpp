#include "device_watch.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>

namespace csi {
namespace {

bool is_v4l2_node(const std::string &path) {
  return path.rfind("/dev/video", 0) == 0 || path.rfind("/dev/v4l-subdev", 0) == 0;
}

/** The kernel's v4l2_poll() (drivers/media/v4l2-core/v4l2-dev.c) says so of a device that is no longer registered. */
bool is_hung_up(int fd) {
  pollfd entry = {fd, 0, 0};
  return poll(&entry, 1, 0) == 1 && (entry.revents & POLLHUP);
}

} // namespace

bool DeviceWatch::sees_unplugged() const {
  const std::set<int> now = gone();
  return !std::includes(gone_before_.begin(), gone_before_.end(), now.begin(), now.end());
}

std::set<int> DeviceWatch::gone() {
  std::set<int> fds;
  std::error_code error; // descriptors come and go meanwhile
  for (const auto &entry : std::filesystem::directory_iterator("/proc/self/fd", error)) {
    const int fd = std::stoi(entry.path().filename());
    if (is_v4l2_node(std::filesystem::read_symlink(entry.path(), error)) && is_hung_up(fd))
      fds.insert(fd);
  }
  return fds;
}

} // namespace csi
