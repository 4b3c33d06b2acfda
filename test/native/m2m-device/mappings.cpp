#include "mappings.h"

#include <array>

namespace m2m {
namespace {

struct Mapping {
  std::atomic<void *> start;
  std::atomic<std::atomic<uint32_t> *> unmapped;
};

std::array<Mapping, 4096> mappings; // zero before any constructor runs
std::atomic<int> mapping_count;

} // namespace

void remember_mapping(void *start, std::atomic<uint32_t> &unmapped) {
  for (Mapping &mapping : mappings) {
    std::atomic<uint32_t> *nobody = nullptr;
    if (!mapping.unmapped.compare_exchange_strong(nobody, &unmapped))
      continue;
    mapping.start = start;
    ++mapping_count;
    return;
  }
}

void forget_mapping(void *start) {
  if (mapping_count == 0)
    return;
  for (Mapping &mapping : mappings) {
    void *expected = start;
    if (!mapping.start.compare_exchange_strong(expected, nullptr))
      continue;
    ++*mapping.unmapped.exchange(nullptr);
    --mapping_count;
    return;
  }
}

} // namespace m2m
