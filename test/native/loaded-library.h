// A library of the shim as a program gets it: by dlopen().
#pragma once

#include "check.h"

#include <dlfcn.h>

class LoadedLibrary {
public:
  explicit LoadedLibrary(const char *path) : handle_(dlopen(path, RTLD_NOW | RTLD_LOCAL)) {
    if (!handle_)
      std::fprintf(stderr, "%s\n", dlerror());
    CHECK(handle_);
  }

  bool has(const char *name) const { return dlsym(handle_, name) != nullptr; }

  template <typename Function>
  Function *get(Function *, const char *name) const {
    auto *function = reinterpret_cast<Function *>(dlsym(handle_, name));
    CHECK(function);
    return function;
  }

private:
  void *handle_;
};

/** A member of the ABI's function with this name, of a class that has a `library`. */
#define ABI(name) decltype(::name) *const name = library.get(static_cast<decltype(::name) *>(nullptr), #name)
