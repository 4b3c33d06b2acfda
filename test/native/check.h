// For the programs that drive a library of the shim through its C ABI.
#pragma once

#include <cstdio>
#include <cstdlib>

#define CHECK(holds)                                                                                                   \
  do {                                                                                                                 \
    if (!(holds)) {                                                                                                    \
      std::fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #holds);                                   \
      std::exit(1);                                                                                                    \
    }                                                                                                                  \
  } while (0)
