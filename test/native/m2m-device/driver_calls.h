// What both halves of the driver use.
#pragma once

#include "json.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include <map>
#include <string>

namespace m2m::driver {

struct Options {
  std::map<std::string, std::string> given;
  std::string text(const std::string &key, const std::string &otherwise) const {
    const auto found = given.find(key);
    return found == given.end() ? otherwise : found->second;
  }
  uint32_t number(const std::string &key, uint32_t otherwise) const {
    return static_cast<uint32_t>(std::stoul(text(key, std::to_string(otherwise))));
  }
};

/** A call that failed, and the errno. */
struct Failure {
  std::string call;
  int error;
};

inline std::string error_text(int error) {
  return json::text(error ? strerrorname_np(error) : "");
}

/** 0 or an errno. */
template <typename Argument>
int try_call(int fd, unsigned long request, Argument &argument) {
  return ioctl(fd, request, &argument) == 0 ? 0 : errno;
}

template <typename Argument>
void call(int fd, unsigned long request, const char *name, Argument &argument) {
  if (const int error = try_call(fd, request, argument))
    throw Failure{name, error};
}

} // namespace m2m::driver
