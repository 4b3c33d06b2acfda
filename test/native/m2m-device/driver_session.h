// One round of the driver: opens an encoder, encodes, drains and tells how it went.
#pragma once

#include "driver_calls.h"

#include <cstdint>
#include <ostream>
#include <string>

namespace m2m::driver {

/** A node that was looked at. */
struct Found {
  std::string path;
  bool is_encoder = false;
  bool is_multi_planar = false;
  uint32_t coded = 0;
};

/** What happened, as JSON. What was coded is written to `stream`. */
std::string run_session(const Found &found, const Options &options, std::ostream &stream);

} // namespace m2m::driver
