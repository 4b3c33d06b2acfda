// All handles of all libraries in the process, living and dead, and the means to make up others.
#pragma once

#include "random.h"

#include <cstdint>
#include <vector>

class Handles {
public:
  /** `owner`: the library that gave it. */
  void born(const void *owner, void *handle);
  void died(void *handle);

  /** A handle to try: most are living ones of `owner`; others are null, dead, another library's, slightly wrong, or an
   *  address. */
  void *any(const void *owner, Random &random) const;

  bool lives(const void *owner, const void *handle) const;

  /** How many there have been. */
  uint64_t count() const { return count_; }

private:
  struct Entry {
    const void *owner;
    void *handle;
  };

  std::vector<Entry> living_;
  std::vector<void *> dead_; // the last ones
  uint64_t count_ = 0;
};
