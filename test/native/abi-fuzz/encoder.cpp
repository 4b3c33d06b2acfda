#include "../guarded-memory.h"
#include "csi_encoder.h"
#include "encoder-config.h"
#include "fuzzed-library.h"

#include <cstring>
#include <string>
#include <vector>

namespace {

constexpr size_t kLivingMax = 4;
constexpr size_t kPlaneBytesMax = 1 << 18;

class FuzzedEncoder final : public FuzzedLibrary {
public:
  FuzzedEncoder(const LoadedLibrary &loaded, Handles &all, Random &randomness) :
      FuzzedLibrary(loaded, all, randomness),
      name_(csi_encoder_name()) {}

  void call_any() override {
    const auto encoder = static_cast<CsiEncoder *>(handles.any(this, random));
    switch (random.below(13)) {
    case 0:
      return create();
    case 1:
      return create_without_something();
    case 2: {
      CsiEncoderInfo info;
      CsiEncoderInfo *const out = random.one_in(8) ? nullptr : &info;
      return check_result(csi_encoder_info(encoder, out), encoder, out, {});
    }
    case 3:
      if (random.one_in(8)) // nothing goes in any more
        check_result(csi_encoder_drain(encoder), encoder, true, {});
      return;
    case 4: {
      const char *error = csi_encoder_error(encoder);
      CHECK(handles.lives(this, encoder) ? std::strlen(error) < 4096 : *error == '\0');
      return;
    }
    case 5:
      return random.one_in(4) ? destroy(encoder) : read(encoder);
    case 6: {
      const auto which = static_cast<uint32_t>(random.one_in(2) ? random.number() : random.below(8));
      CHECK((csi_encoder_struct_size(which) > 0) == (which <= 3));
      return;
    }
    case 7:
    case 8:
    case 9:
      return take(encoder);
    default:
      return submit(encoder);
    }
  }

  void finish() override {
    while (!living_.empty()) {
      CsiEncoder *const encoder = living_[random.below(living_.size())].handle;
      destroy(encoder);
      CHECK(csi_encoder_destroy(encoder) == -EBADF);
    }
  }

private:
  struct Living {
    CsiEncoder *handle;
    int wake_fd;
    bool takes_frames; // its pictures are no larger than the memory that we have
  };

  /** One that the library has. */
  uint32_t codec() {
    if (name_ == "V4L2 M2M")
      return random.one_of<uint32_t>({CSI_CODEC_H264, CSI_CODEC_JPEG});
    return name_.find("jpeg") == std::string::npos ? CSI_CODEC_H264 : CSI_CODEC_JPEG;
  }

  void create() {
    CsiEncoderConfig config = sound_config(codec(), random);
    if (random.one_in(2))
      spoil(config, random);
    CsiEncoder *encoder = nullptr;
    int wake_fd = -1;
    // Exactly as long as is said, so that a sanitizer sees a byte more.
    const auto error_size = static_cast<uint32_t>(random.below(200));
    std::vector<char> error(error_size, '!');
    const int result =
        csi_encoder_create(&config, &encoder, &wake_fd, random.one_in(4) ? nullptr : error.data(), error_size);
    if (result != 0) {
      CHECK(result < 0 && !encoder && wake_fd == -1);
      return;
    }
    handles.born(this, encoder);
    living_.push_back({encoder, wake_fd, plane_bytes_max(config.input) <= kPlaneBytesMax});
    if (random.one_in(4)) // somebody who does not want to be woken
      close(std::exchange(living_.back().wake_fd, -1));
    if (living_.size() > kLivingMax)
      destroy(living_.front().handle);
  }

  void create_without_something() {
    const CsiEncoderConfig config = sound_config(codec(), random);
    CsiEncoder *encoder = nullptr;
    int wake_fd = -1;
    const uint64_t missing = random.below(3);
    CHECK(csi_encoder_create(missing == 0 ? nullptr : &config, missing == 1 ? nullptr : &encoder,
                             missing == 2 ? nullptr : &wake_fd, nullptr,
                             static_cast<uint32_t>(random.number())) == -EINVAL);
    CHECK(!encoder && wake_fd == -1);
  }

  void submit(CsiEncoder *encoder) {
    const auto living = find(encoder);
    if (living != living_.end() && !living->takes_frames)
      return;
    CsiEncoderFrame frame = {};
    for (uint64_t &plane : frame.plane)
      plane = random.one_in(40) ? 0 : reinterpret_cast<uintptr_t>(memory_.data());
    for (int32_t &fd : frame.dmabuf_fd)
      fd = random.one_in(60) ? static_cast<int32_t>(1'000'000 + random.below(10)) : -1;
    for (uint32_t &offset : frame.dmabuf_offset)
      offset = random.one_in(20) ? static_cast<uint32_t>(random.number()) : 0;
    frame.flags = static_cast<uint32_t>(random.number());
    frame.timestamp_ns = random.one_in(60) ? static_cast<int64_t>(random.number()) : ++timestamp_ns_ * 33'000'000;
    const CsiEncoderFrame *const given = random.one_in(20) ? nullptr : &frame;
    check_result(csi_encoder_submit(encoder, given), encoder, given, {-EAGAIN, -EINVAL, -EPIPE});
  }

  void take(CsiEncoder *encoder) {
    CsiEncoderEvent event = {};
    CsiEncoderEvent *const out = random.one_in(20) ? nullptr : &event;
    const int result = csi_encoder_take(encoder, out);
    check_result(result, encoder, out, {-EAGAIN});
    CHECK((event.kind >= CSI_EVENT_RELEASED && event.kind <= CSI_EVENT_RESTARTED) == (result == 0));
    const bool has_bytes = event.kind == CSI_EVENT_PACKET || event.kind == CSI_EVENT_RESTARTED;
    if (has_bytes && random.one_in(2)) {
      std::vector<uint8_t> bytes(event.byte_count);
      CHECK(csi_encoder_read(encoder, bytes.data(), event.byte_count) == 0);
    }
  }

  void read(CsiEncoder *encoder) {
    const auto capacity = static_cast<uint32_t>(random.below(5000));
    std::vector<uint8_t> bytes(capacity + 1);
    uint8_t *const out = random.one_in(8) ? nullptr : bytes.data() + 1;
    check_result(csi_encoder_read(encoder, out, capacity), encoder, out, {-EINVAL, -ENOSPC});
  }

  void destroy(CsiEncoder *encoder) {
    const auto living = find(encoder);
    const int result = csi_encoder_destroy(encoder);
    if (encoder)
      check_result(result, encoder, true, {});
    else
      CHECK(result == 0);
    if (living == living_.end())
      return;
    if (living->wake_fd >= 0)
      close(living->wake_fd);
    handles.died(encoder);
    living_.erase(living);
  }

  std::vector<Living>::iterator find(const CsiEncoder *encoder) {
    return std::find_if(living_.begin(), living_.end(), [&](const Living &each) { return each.handle == encoder; });
  }

  ABI(csi_encoder_struct_size);
  ABI(csi_encoder_name);
  ABI(csi_encoder_create);
  ABI(csi_encoder_info);
  ABI(csi_encoder_submit);
  ABI(csi_encoder_drain);
  ABI(csi_encoder_take);
  ABI(csi_encoder_read);
  ABI(csi_encoder_error);
  ABI(csi_encoder_destroy);

  const std::string name_;
  const GuardedMemory memory_{kPlaneBytesMax};
  int64_t timestamp_ns_ = 0;
  std::vector<Living> living_;
};

} // namespace

std::unique_ptr<FuzzedLibrary> fuzzed_encoder(const LoadedLibrary &library, Handles &handles, Random &random) {
  return std::make_unique<FuzzedEncoder>(library, handles, random);
}
