// One library that is called at random.
#pragma once

#include "../loaded-library.h"
#include "handles.h"
#include "random.h"

#include <algorithm>
#include <cerrno>
#include <initializer_list>
#include <memory>

class FuzzedLibrary {
public:
  FuzzedLibrary(const LoadedLibrary &loaded, Handles &all, Random &randomness) :
      library(loaded),
      handles(all),
      random(randomness) {}
  virtual ~FuzzedLibrary() = default;
  FuzzedLibrary(const FuzzedLibrary &) = delete;
  FuzzedLibrary &operator=(const FuzzedLibrary &) = delete;

  /** One call, held against what the header says of it. */
  virtual void call_any() = 0;

  /** Gives back all that is still there, and tries each of it a second time. */
  virtual void finish() = 0;

protected:
  /** What a call with this handle may give: 0 or one of `errors` where it lives and nothing else is missing. */
  void check_result(int result, const void *handle, bool is_complete, std::initializer_list<int> errors) const {
    if (!handle || !is_complete)
      CHECK(result == -EINVAL);
    else if (!handles.lives(this, handle))
      CHECK(result == -EBADF);
    else
      CHECK(result == 0 || std::find(errors.begin(), errors.end(), result) != errors.end());
  }

  const LoadedLibrary library;
  Handles &handles;
  Random &random;
};

std::unique_ptr<FuzzedLibrary> fuzzed_encoder(const LoadedLibrary &library, Handles &handles, Random &random);
std::unique_ptr<FuzzedLibrary> fuzzed_camera(const LoadedLibrary &library, Handles &handles, Random &random);
std::unique_ptr<FuzzedLibrary> fuzzed_dmaheap(const LoadedLibrary &library, Handles &handles, Random &random);
std::unique_ptr<FuzzedLibrary> fuzzed_m2m_list(const LoadedLibrary &library, Handles &handles, Random &random);
