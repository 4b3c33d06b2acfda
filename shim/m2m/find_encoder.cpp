#include "find_encoder.h"

#include <dirent.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace csi {
namespace {

struct CloseDirectory {
  void operator()(DIR *directory) const noexcept { closedir(directory); }
};

/** The N of "videoN"; -1 for any other name. */
long node_number(const std::string &name) {
  const std::string prefix = "video";
  if (name.size() <= prefix.size() || name.size() > prefix.size() + 6 || name.compare(0, prefix.size(), prefix) != 0 ||
      !std::all_of(name.begin() + prefix.size(), name.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return -1;
  return std::stol(name.substr(prefix.size()));
}

} // namespace

std::vector<std::string> video_nodes() {
  std::vector<long> numbers;
  const std::unique_ptr<DIR, CloseDirectory> directory(opendir("/dev"));
  if (directory)
    while (const dirent *entry = readdir(directory.get()))
      if (const long number = node_number(entry->d_name); number >= 0)
        numbers.push_back(number);
  std::sort(numbers.begin(), numbers.end());
  std::vector<std::string> paths;
  for (const long number : numbers)
    paths.push_back("/dev/video" + std::to_string(number));
  return paths;
}

bool is_unknown(const Error &error) noexcept {
  return error.code() != -ENOTSUP && error.code() != -ENOENT && error.code() != -ENODEV;
}

M2mDevice open_encoder(uint32_t codec, const std::string &path) {
  if (!path.empty()) {
    M2mDevice device(path);
    device.must_encode_to(codec);
    return device;
  }
  std::optional<Error> unopened;
  for (const std::string &node : video_nodes()) {
    try {
      M2mDevice device(node);
      if (device.encodes_to(codec) != 0)
        return device;
    } catch (const Error &error) {
      if (!unopened && is_unknown(error))
        unopened = error;
    }
  }
  if (unopened)
    throw *unopened;
  throw Error(-ENOENT, "this machine has no V4L2 encoder for this codec");
}

} // namespace csi
