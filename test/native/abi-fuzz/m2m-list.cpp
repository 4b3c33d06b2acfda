#include "csi_m2m.h"
#include "fuzzed-library.h"

#include <vector>

namespace {

class FuzzedM2mList final : public FuzzedLibrary {
public:
  using FuzzedLibrary::FuzzedLibrary;

  void call_any() override {
    if (!random.one_in(100)) { // listing opens devices
      const auto which = static_cast<uint32_t>(random.number());
      CHECK(csi_m2m_struct_size(which) == (which == 0 ? sizeof(CsiM2mNode) : 0));
      CHECK(csi_m2m_list(nullptr, 1 + static_cast<uint32_t>(random.below(UINT32_MAX))) == -EINVAL);
      return;
    }
    // Exactly as many as are said, so that a sanitizer sees one more.
    std::vector<CsiM2mNode> nodes(random.below(4));
    CHECK(csi_m2m_list(nodes.empty() ? nullptr : nodes.data(), static_cast<uint32_t>(nodes.size())) >= 0);
    for (const CsiM2mNode &node : nodes)
      CHECK(node.path[CSI_DEVICE_PATH_MAX - 1] == '\0' && node.controls[sizeof node.controls - 1] == '\0');
  }

  void finish() override {}

private:
  ABI(csi_m2m_struct_size);
  ABI(csi_m2m_list);
};

} // namespace

std::unique_ptr<FuzzedLibrary> fuzzed_m2m_list(const LoadedLibrary &library, Handles &handles, Random &random) {
  return std::make_unique<FuzzedM2mList>(library, handles, random);
}
