#include "fake_file.h"

#include <array>
#include <atomic>
#include <map>
#include <mutex>

namespace m2m {
namespace {

constexpr size_t kDescriptorsMax = 1 << 16;
std::array<std::atomic<bool>, kDescriptorsMax> is_fake; // zero before any constructor runs

struct Table {
  std::mutex mutex;
  std::map<int, std::shared_ptr<FakeFile>> files;
};

Table &table() {
  static Table &only = *new Table;
  return only;
}

bool may_be_fake(int fd) {
  return fd >= 0 && static_cast<size_t>(fd) < kDescriptorsMax && is_fake[static_cast<size_t>(fd)];
}

} // namespace

void insert_fake(int fd, std::shared_ptr<FakeFile> file) {
  const std::lock_guard lock(table().mutex);
  table().files[fd] = std::move(file);
  is_fake.at(static_cast<size_t>(fd)) = true;
}

std::shared_ptr<FakeFile> find_fake(int fd) {
  if (!may_be_fake(fd))
    return nullptr;
  const std::lock_guard lock(table().mutex);
  const auto found = table().files.find(fd);
  return found == table().files.end() ? nullptr : found->second;
}

std::shared_ptr<FakeFile> remove_fake(int fd) {
  if (!may_be_fake(fd))
    return nullptr;
  const std::lock_guard lock(table().mutex);
  is_fake[static_cast<size_t>(fd)] = false;
  const auto found = table().files.find(fd);
  if (found == table().files.end())
    return nullptr;
  std::shared_ptr<FakeFile> file = std::move(found->second);
  table().files.erase(found);
  return file;
}

} // namespace m2m
