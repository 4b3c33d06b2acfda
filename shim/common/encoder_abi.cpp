// csi_encoder.h for every encoder library: behind the handle are a port and a thread.
#include "csi_encoder.h"
#include "encoder_config.h"
#include "encoder_library.h"
#include "error.h"
#include "handle_table.h"
#include "owned_frame_memory.h"
#include "thread.h"

#include <cstddef>
#include <cstdio>
#include <memory>

static_assert(sizeof(CsiLayout) == 32 && offsetof(CsiLayout, stride) == 16 && offsetof(CsiLayout, colour) == 28);
static_assert(sizeof(CsiEncoderConfig) == 168 && offsetof(CsiEncoderConfig, output_width) == 32 &&
              offsetof(CsiEncoderConfig, bitrate) == 48 && offsetof(CsiEncoderConfig, queue_frames_max) == 68 &&
              offsetof(CsiEncoderConfig, codec) == 72 && offsetof(CsiEncoderConfig, memory) == 76 &&
              offsetof(CsiEncoderConfig, device) == 104);
static_assert(sizeof(CsiFrameMemory) == 28 && offsetof(CsiFrameMemory, buffer_count) == 12 &&
              offsetof(CsiFrameMemory, dmabuf_offset) == 16);
static_assert(sizeof(CsiEncoderInfo) == 144 && offsetof(CsiEncoderInfo, zero_copy) == 4 &&
              offsetof(CsiEncoderInfo, copied_frames) == 8 && offsetof(CsiEncoderInfo, name) == 16);
static_assert(sizeof(CsiEncoderFrame) == 64 && offsetof(CsiEncoderFrame, dmabuf_fd) == 24 &&
              offsetof(CsiEncoderFrame, dmabuf_offset) == 36 && offsetof(CsiEncoderFrame, flags) == 48 &&
              offsetof(CsiEncoderFrame, timestamp_ns) == 56);
static_assert(sizeof(CsiEncoderEvent) == 24 && offsetof(CsiEncoderEvent, flags) == 4 &&
              offsetof(CsiEncoderEvent, timestamp_ns) == 8 && offsetof(CsiEncoderEvent, byte_count) == 16 &&
              offsetof(CsiEncoderEvent, result) == 20);

struct CsiEncoder {
  explicit CsiEncoder(const CsiEncoderConfig &config) :
      port(config, csi::library_check(config)),
      memory(config.memory) {
    thread = csi::start_thread("csi-encoder", [this, config] { run(config); });
  }
  ~CsiEncoder() {
    port.stop();
    thread.join();
  }

  csi::EncoderPort port;

private:
  void run(CsiEncoderConfig config) noexcept {
    try {
      config.memory = memory.described();
      csi::library_run(config, port);
      port.finish();
    } catch (const csi::Error &error) {
      port.fail(error.code(), error.what());
    } catch (const std::exception &error) {
      port.fail(-EIO, error.what());
    } catch (...) {
      port.fail(-EIO, "the encoder failed without a reason");
    }
  }

  const csi::OwnedFrameMemory memory;
  std::thread thread;
};

namespace {

/** Never destroyed: a program that ends with an encoder at work does not wait for it. */
csi::HandleTable<CsiEncoder> &encoders() {
  static const char own = 0;
  static auto &table = *new csi::HandleTable<CsiEncoder>(&own);
  return table;
}

template <typename Call>
int with_encoder(const CsiEncoder *handle, Call &&call) noexcept {
  return csi::guarded([&] {
    const auto encoder = encoders().find(handle);
    return encoder ? call(*encoder) : -EBADF;
  });
}

} // namespace

uint32_t csi_encoder_struct_size(uint32_t which) {
  constexpr uint32_t sizes[] = {sizeof(CsiEncoderConfig), sizeof(CsiEncoderFrame), sizeof(CsiEncoderEvent),
                                sizeof(CsiEncoderInfo)};
  return which < std::size(sizes) ? sizes[which] : 0;
}

const char *csi_encoder_name(void) {
  return csi::library_name();
}

int csi_encoder_create(const CsiEncoderConfig *config, CsiEncoder **out, int *wake_fd, char *error,
                       uint32_t error_size) {
  if (!config || !out || !wake_fd)
    return -EINVAL;
  if (error && error_size > 0)
    error[0] = '\0';
  return csi::guarded([&] {
    try {
      csi::check_config(*config);
      const auto encoder = std::make_shared<CsiEncoder>(*config);
      *out = encoders().insert(encoder);
      *wake_fd = encoder->port.take_wake_fd();
      return 0;
    } catch (const std::exception &failure) {
      if (error && error_size > 0)
        std::snprintf(error, error_size, "%s", failure.what());
      throw;
    }
  });
}

int csi_encoder_info(CsiEncoder *encoder, CsiEncoderInfo *out) {
  if (!encoder || !out)
    return -EINVAL;
  return with_encoder(encoder, [&](CsiEncoder &live) { return live.port.info(out); });
}

int csi_encoder_submit(CsiEncoder *encoder, const CsiEncoderFrame *frame) {
  if (!encoder || !frame)
    return -EINVAL;
  return with_encoder(encoder, [&](CsiEncoder &live) { return live.port.submit(*frame); });
}

int csi_encoder_drain(CsiEncoder *encoder) {
  if (!encoder)
    return -EINVAL;
  return with_encoder(encoder, [&](CsiEncoder &live) { return live.port.drain(); });
}

int csi_encoder_take(CsiEncoder *encoder, CsiEncoderEvent *out) {
  if (!encoder || !out)
    return -EINVAL;
  return with_encoder(encoder, [&](CsiEncoder &live) { return live.port.take(out); });
}

int csi_encoder_read(CsiEncoder *encoder, uint8_t *destination, uint32_t capacity) {
  if (!encoder || !destination)
    return -EINVAL;
  return with_encoder(encoder, [&](CsiEncoder &live) { return live.port.read(destination, capacity); });
}

const char *csi_encoder_error(CsiEncoder *encoder) {
  const char *error = "";
  with_encoder(encoder, [&](CsiEncoder &live) {
    error = live.port.error();
    return 0;
  });
  return error;
}

int csi_encoder_destroy(CsiEncoder *encoder) {
  if (!encoder)
    return 0;
  // Waits for the thread here, where other encoders can be used meanwhile.
  return csi::guarded([&] { return encoders().take(encoder) ? 0 : -EBADF; });
}
