// An open V4L2 device node and the calls to it.
#pragma once

#include "error.h"
#include "fd.h"

#include <linux/videodev2.h>

#include <string>

namespace csi {

class VideoDevice {
public:
  /** Opens a node for reading and writing, without blocking. Throws Error with a sentence that says what to do. */
  explicit VideoDevice(const std::string &path);

  const std::string &path() const noexcept { return path_; }
  int fd() const noexcept { return fd_.get(); }

  /** One ioctl, repeated when a signal interrupted it. Returns 0 or -errno. */
  int ask(unsigned long request, void *argument) const noexcept;

  /** The same where nothing but success will do: throws the failure() of a refusal. `what` fits "cannot …". */
  void demand(unsigned long request, void *argument, const char *what) const;

  /** "/dev/video11: cannot …: No such device"; -ENODEV is told as the device's end. */
  Error failure(int code, const std::string &what) const;

private:
  std::string path_;
  Fd fd_;
};

} // namespace csi
