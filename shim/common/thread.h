// How the shim starts threads.
#pragma once

#include <functional>
#include <thread>

namespace csi {

/** Starts a thread that no signal is delivered to (they belong to the host program's threads), except those that a
 *  fault of its own raises. Its children inherit that. `name` has at most 15 characters. */
std::thread start_thread(const char *name, std::function<void()> body);

} // namespace csi
