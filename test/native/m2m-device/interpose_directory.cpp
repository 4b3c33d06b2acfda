// Listing /dev shows our nodes behind the real ones.
#include "node.h"

#include <dirent.h>
#include <dlfcn.h>
#include <string.h>

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace m2m {
namespace {

template <typename Function>
Function *libc(const char *name) {
  return reinterpret_cast<Function *>(dlsym(RTLD_NEXT, name));
}

struct Listing {
  std::vector<std::string> names; // to be shown yet
  dirent entry = {};
};

/** Streams over /dev that are open. */
struct Listings {
  std::mutex mutex;
  std::map<DIR *, Listing> open;
};

Listings &listings() {
  static Listings &only = *new Listings;
  return only;
}

dirent *next_of_ours(DIR *directory) {
  const std::lock_guard lock(listings().mutex);
  const auto found = listings().open.find(directory);
  if (found == listings().open.end() || found->second.names.empty())
    return nullptr;
  auto &[names, entry] = found->second;
  entry.d_type = DT_CHR;
  entry.d_reclen = sizeof entry;
  strncpy(entry.d_name, names.back().c_str(), sizeof entry.d_name - 1);
  names.pop_back();
  return &entry;
}

} // namespace
} // namespace m2m

#define EXPORTED extern "C" __attribute__((visibility("default")))

EXPORTED DIR *opendir(const char *path) {
  static auto *const next = m2m::libc<DIR *(const char *)>("opendir");
  DIR *directory = next(path);
  const bool is_dev = strcmp(path, "/dev") == 0 || strcmp(path, "/dev/") == 0;
  if (directory && is_dev) {
    const std::lock_guard lock(m2m::listings().mutex);
    m2m::listings().open[directory].names = m2m::node_names();
  }
  return directory;
}

EXPORTED dirent *readdir(DIR *directory) {
  static auto *const next = m2m::libc<dirent *(DIR *)>("readdir");
  dirent *entry = next(directory);
  return entry ? entry : m2m::next_of_ours(directory);
}

EXPORTED dirent64 *readdir64(DIR *directory) {
  static_assert(sizeof(dirent64) == sizeof(dirent), "the same struct on 64 bits");
  return reinterpret_cast<dirent64 *>(readdir(directory));
}

EXPORTED int closedir(DIR *directory) {
  static auto *const next = m2m::libc<int(DIR *)>("closedir");
  {
    const std::lock_guard lock(m2m::listings().mutex);
    m2m::listings().open.erase(directory);
  }
  return next(directory);
}
