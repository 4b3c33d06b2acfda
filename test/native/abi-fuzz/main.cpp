// Calls the shim's libraries at random through their C ABIs: every function, in any order, with handles that live, are
// dead, were made up or are another library's, with nothing where something is due, and with configs of any numbers.
// The answer must be what the headers say, and never a crash. For the sanitizers: `make -C shim check`.
//
//   abi-fuzz SEED CALLS build/libcsi_x264.so build/libcsi_camera.so …
//
// SEED 0 chooses one and prints it, as every seed is printed.
#include "fuzzed-library.h"

#include <cinttypes>
#include <vector>

namespace {

using Libraries = std::vector<std::unique_ptr<FuzzedLibrary>>;

/** A library may speak more than one of the headers. */
void load(const char *path, Libraries &libraries, Handles &handles, Random &random) {
  constexpr struct {
    const char *function;
    decltype(fuzzed_encoder) *fuzzed;
  } kHeaders[] = {{"csi_encoder_create", fuzzed_encoder},
                  {"csi_camera_open", fuzzed_camera},
                  {"csi_dmaheap_allocate", fuzzed_dmaheap},
                  {"csi_m2m_list", fuzzed_m2m_list}};
  const LoadedLibrary library(path);
  const size_t count_before = libraries.size();
  for (const auto &header : kHeaders)
    if (library.has(header.function))
      libraries.push_back(header.fuzzed(library, handles, random));
  CHECK(libraries.size() > count_before);
}

uint64_t number(const char *text) {
  char *end;
  const uint64_t value = std::strtoull(text, &end, 10);
  CHECK(*text != '\0' && *end == '\0');
  return value;
}

} // namespace

int main(int argument_count, char **arguments) {
  CHECK(argument_count > 3);
  uint64_t seed = number(arguments[1]);
  while (seed == 0)
    seed = std::random_device()();
  const uint64_t calls = number(arguments[2]);
  std::printf("seed %" PRIu64 ", %" PRIu64 " calls\n", seed, calls);
  std::fflush(stdout); // before anything can crash

  Random random(seed);
  Handles handles;
  Libraries libraries;
  for (int i = 3; i < argument_count; ++i)
    load(arguments[i], libraries, handles, random);
  for (uint64_t call = 0; call < calls; ++call)
    libraries[random.below(libraries.size())]->call_any();
  for (const auto &library : libraries)
    library->finish();
  std::printf("sound: %" PRIu64 " handles lived\n", handles.count());
  return 0;
}
