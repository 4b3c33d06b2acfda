#include "video_device.h"

#include <fcntl.h>
#include <sys/ioctl.h>

#include <cstring>

namespace csi {
namespace {

Error cannot_open(const std::string &path, int code) {
  switch (code) {
  case ENOENT:
  case ENXIO:
  case ENODEV:
    return Error(-ENOENT, "there is no device " + path);
  case EACCES:
  case EPERM:
    return Error(-code, "no permission to open " + path + ": the user has to be in the group that owns it (video)");
  case EBUSY:
    return Error(-code, path + " is in use by another program");
  default:
    return Error(-code, "cannot open " + path + ": " + std::strerror(code));
  }
}

} // namespace

VideoDevice::VideoDevice(const std::string &path) :
    path_(path),
    fd_(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC)) {
  if (fd_.get() < 0)
    throw cannot_open(path, errno);
}

int VideoDevice::ask(unsigned long request, void *argument) const noexcept {
  for (;;) {
    if (::ioctl(fd(), request, argument) == 0)
      return 0;
    if (errno != EINTR)
      return -errno;
  }
}

void VideoDevice::demand(unsigned long request, void *argument, const char *what) const {
  if (const int result = ask(request, argument))
    throw failure(result, what);
}

Error VideoDevice::failure(int code, const std::string &what) const {
  if (code == -ENODEV)
    return Error(code, path_ + " is gone: the encoder was removed from the system");
  if (code == -EBUSY)
    return Error(code, path_ + ": cannot " + what + ": it is in use by another program");
  return Error(code, path_ + ": cannot " + what + ": " + std::strerror(-code));
}

} // namespace csi
