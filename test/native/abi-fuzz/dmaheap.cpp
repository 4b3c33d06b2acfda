#include "csi_dmaheap.h"
#include "fuzzed-library.h"

#include <cstring>
#include <limits>
#include <vector>

namespace {

constexpr size_t kLivingMax = 32;
constexpr size_t kFreedMax = 32;

class FuzzedDmaHeap final : public FuzzedLibrary {
public:
  using FuzzedLibrary::FuzzedLibrary;

  void call_any() override {
    switch (random.below(6)) {
    case 0:
      return allocate();
    case 1:
      return free_one();
    case 2:
      return free_wrong();
    case 3:
      return sync();
    case 4:
      return use();
    default:
      const auto which = static_cast<uint32_t>(random.number());
      CHECK(csi_dmaheap_struct_size(which) == (which == 0 ? sizeof(CsiDmaBuffer) : 0));
    }
  }

  void finish() override {
    while (!living_.empty())
      free_one();
    for (const CsiDmaBuffer &buffer : freed_)
      CHECK(csi_dmaheap_free(&buffer) == -EBADF);
  }

private:
  void allocate() {
    static const char *const heaps[] = {
        "/dev/dma_heap/linux,cma", "/dev/dma_heap/system", "/dev/dma_heap/nowhere", "/dev/zero", "", nullptr};
    const char *heap = heaps[random.below(random.one_in(2) ? 6 : 2)];
    const auto byte_count = random.one_of<uint64_t>(
        {0, 1, 4095, 4096, 5000, 1 << 20, 1ull << 47, 1ull << 63, std::numeric_limits<uint64_t>::max()});
    CsiDmaBuffer buffer = {};
    CsiDmaBuffer *out = random.one_in(10) ? nullptr : &buffer;
    // Exactly as long as is said, so that a sanitizer sees a byte more.
    const auto error_size = static_cast<uint32_t>(random.below(100));
    std::vector<char> error(error_size, '!');
    const int result =
        csi_dmaheap_allocate(heap, byte_count, out, random.one_in(4) ? nullptr : error.data(), error_size);
    if (!heap || !out)
      CHECK(result == -EINVAL);
    if (result != 0) {
      const CsiDmaBuffer untouched = {};
      CHECK(result < 0 && std::memcmp(&buffer, &untouched, sizeof buffer) == 0);
      return;
    }
    CHECK(buffer.byte_count == byte_count && buffer.fd >= 0 && buffer.address != 0);
    living_.push_back(buffer);
    if (living_.size() > kLivingMax)
      free_one();
  }

  void free_one() {
    if (living_.empty())
      return;
    const auto chosen = living_.begin() + static_cast<ptrdiff_t>(random.below(living_.size()));
    CHECK(csi_dmaheap_free(&*chosen) == 0);
    freed_.push_back(*chosen);
    living_.erase(chosen);
    if (freed_.size() > kFreedMax)
      freed_.erase(freed_.begin());
  }

  void free_wrong() {
    CsiDmaBuffer wrong = {};
    switch (random.below(4)) {
    case 0:
      CHECK(csi_dmaheap_free(nullptr) == -EINVAL);
      return;
    case 1:
      if (freed_.empty())
        return;
      wrong = freed_[random.below(freed_.size())];
      break;
    case 2: // one field of a living one
      if (living_.empty())
        return;
      wrong = living_[random.below(living_.size())];
      reinterpret_cast<uint8_t *>(&wrong)[random.below(sizeof wrong)] ^= static_cast<uint8_t>(1 + random.below(255));
      break;
    default:
      wrong = {random.number(), random.number(), static_cast<int32_t>(random.number()),
               static_cast<uint32_t>(random.number())};
    }
    CHECK(csi_dmaheap_free(&wrong) == -EBADF);
  }

  void sync() {
    int fd = random.one_of({-1, 0, 1 << 20, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()});
    if (!living_.empty() && random.one_in(2))
      fd = living_[random.below(living_.size())].fd;
    const int result = random.one_in(2) ? csi_dmaheap_begin_write(fd) : csi_dmaheap_end_write(fd);
    CHECK(result == (fd >= 1 << 20 ? -EBADF : 0));
  }

  /** A living one is there, whatever was freed wrongly. */
  void use() {
    if (living_.empty())
      return;
    const CsiDmaBuffer &buffer = living_[random.below(living_.size())];
    auto *bytes = reinterpret_cast<uint8_t *>(static_cast<uintptr_t>(buffer.address));
    bytes[0] = bytes[buffer.byte_count - 1] = static_cast<uint8_t>(random.number());
  }

  ABI(csi_dmaheap_struct_size);
  ABI(csi_dmaheap_allocate);
  ABI(csi_dmaheap_free);
  ABI(csi_dmaheap_begin_write);
  ABI(csi_dmaheap_end_write);

  std::vector<CsiDmaBuffer> living_;
  std::vector<CsiDmaBuffer> freed_; // the last ones
};

} // namespace

std::unique_ptr<FuzzedLibrary> fuzzed_dmaheap(const LoadedLibrary &library, Handles &handles, Random &random) {
  return std::make_unique<FuzzedDmaHeap>(library, handles, random);
}
