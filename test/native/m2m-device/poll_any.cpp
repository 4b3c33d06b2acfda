#include "poll_any.h"

#include "fake_file.h"
#include "kernel_calls.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <vector>

namespace m2m {
namespace {

using Clock = std::chrono::steady_clock;

timespec left_until(Clock::time_point deadline) {
  const auto left = std::max(Clock::duration::zero(), deadline - Clock::now());
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
  return {seconds.count(), std::chrono::nanoseconds(left - seconds).count()};
}

struct FakeEntry {
  size_t index;
  std::shared_ptr<FakeFile> file;
};

std::vector<FakeEntry> find_fakes(const pollfd *fds, nfds_t count) {
  std::vector<FakeEntry> found;
  for (size_t i = 0; i < count; ++i)
    if (std::shared_ptr<FakeFile> file = find_fake(fds[i].fd))
      found.push_back({i, std::move(file)});
  return found;
}

} // namespace

/** Ours are asked; while they have nothing to say, the kernel waits for a change of theirs along with all others. */
int poll_any(pollfd *fds, nfds_t count, const timespec *timeout, const sigset_t *signals) {
  const std::vector<FakeEntry> fakes = find_fakes(fds, count);
  timespec left = timeout ? *timeout : timespec{};
  if (fakes.empty())
    return kernel::poll(fds, count, timeout ? &left : nullptr, signals);

  const Clock::time_point deadline =
      Clock::now() + std::chrono::seconds(left.tv_sec) + std::chrono::nanoseconds(left.tv_nsec);
  std::vector<pollfd> entries(fds, fds + count);
  for (;;) {
    int ready = 0;
    for (const auto &[index, file] : fakes) {
      file->forget_changes(); // before the look, so that what happens after it wakes us
      fds[index].revents = file->poll_events(fds[index].events);
      ready += fds[index].revents != 0;
      entries[index] = {file->change_fd(), POLLIN, 0};
    }
    left = ready > 0 || !timeout ? timespec{} : left_until(deadline);
    const bool may_wait = ready == 0 && !timeout;
    const int result = kernel::poll(entries.data(), count, may_wait ? nullptr : &left, signals);
    if (result < 0)
      return result;
    size_t changed = 0;
    for (const auto &[index, file] : fakes) {
      changed += entries[index].revents != 0;
      entries[index].revents = fds[index].revents;
    }
    if (ready == 0 && changed > 0 && static_cast<size_t>(result) == changed)
      continue;
    for (size_t i = 0; i < count; ++i)
      fds[i].revents = entries[i].revents;
    return ready + result - static_cast<int>(changed);
  }
}

int poll_milliseconds(pollfd *fds, nfds_t count, int timeout_ms) {
  const timespec timeout = {timeout_ms / 1000, timeout_ms % 1000 * 1'000'000L};
  return poll_any(fds, count, timeout_ms < 0 ? nullptr : &timeout, nullptr);
}

} // namespace m2m
