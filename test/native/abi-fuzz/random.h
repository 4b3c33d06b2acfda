// Repeatable randomness: the same seed gives the same calls. What comes back also depends on the libraries' threads.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <random>

class Random {
public:
  explicit Random(uint64_t seed) : bits_(seed) {}

  uint64_t number() { return bits_(); }
  uint64_t below(uint64_t limit) { return bits_() % limit; }
  bool one_in(uint64_t count) { return below(count) == 0; }

  template <typename Value>
  Value one_of(std::initializer_list<Value> values) {
    return values.begin()[below(values.size())];
  }

private:
  std::mt19937_64 bits_;
};
