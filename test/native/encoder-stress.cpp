// Drives an encoder library through its C ABI the way that breaks things: every pixel format, odd sizes and strides,
// scaling, bursts, frames that fail, destruction at work. For the sanitizers, which do not see much of what a Bun
// process loads: `make -C shim check SANITIZE=address,undefined` (or thread) builds and runs it.
//
//   encoder-stress build/libcsi_x264.so
//   encoder-stress build/libcsi_m2m.so [faulty]   with a device that plays the encoder preloaded; faulty: one whose
//                                                 driver may lose frames, or fail
#include "csi_encoder.h"
#include "guarded-memory.h"
#include "loaded-library.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include <map>
#include <string>
#include <vector>

namespace {

struct Library {
  explicit Library(const char *path) : library(path) {}
  const LoadedLibrary library;

  ABI(csi_encoder_name);
  ABI(csi_encoder_create);
  ABI(csi_encoder_info);
  ABI(csi_encoder_submit);
  ABI(csi_encoder_drain);
  ABI(csi_encoder_take);
  ABI(csi_encoder_read);
  ABI(csi_encoder_error);
  ABI(csi_encoder_destroy);
};

/** Planes that end with the last row's last visible byte. */
struct Frames {
  Frames(const CsiLayout &layout, const uint32_t (&rows)[CSI_PLANES_MAX], const uint32_t (&row_bytes)[CSI_PLANES_MAX]) {
    for (uint32_t i = 0; i < layout.plane_count; ++i)
      planes.emplace_back(static_cast<size_t>(layout.stride[i]) * (rows[i] - 1) + row_bytes[i]);
  }
  CsiEncoderFrame frame(int64_t timestamp_ns, int dmabuf_fd = -1) const {
    CsiEncoderFrame frame = {};
    for (size_t i = 0; i < CSI_PLANES_MAX; ++i) {
      frame.plane[i] = i < planes.size() ? reinterpret_cast<uintptr_t>(planes[i].data()) : 0;
      frame.dmabuf_fd[i] = dmabuf_fd;
    }
    frame.flags = timestamp_ns % 13 == 0 ? CSI_FRAME_FORCE_KEY : 0;
    frame.timestamp_ns = timestamp_ns;
    return frame;
  }
  std::vector<GuardedMemory> planes;
};

/** All planes of a picture in one dmabuf, one behind the other: a memfd is one to the device that is preloaded. */
class DmabufFrames {
public:
  explicit DmabufFrames(CsiEncoderConfig &config) :
      byte_count_(config.input.height * (config.input.stride[0] + config.input.stride[1])),
      fd_(memfd_create("frames", MFD_CLOEXEC)) {
    CHECK(fd_ >= 0 && ftruncate(fd_, byte_count_) == 0);
    start_ = static_cast<uint8_t *>(mmap(nullptr, byte_count_, PROT_READ | PROT_WRITE, MAP_SHARED, fd_, 0));
    CHECK(start_ != MAP_FAILED);
    uint32_t offset = 0;
    for (uint32_t i = 0; i < config.input.plane_count; ++i) {
      frame_.plane[i] = reinterpret_cast<uintptr_t>(start_ + offset);
      frame_.dmabuf_offset[i] = config.memory.dmabuf_offset[i] = offset;
      offset += config.input.stride[i] * config.input.height / (i == 0 ? 1 : 2);
    }
    for (uint32_t i = 0; i < CSI_PLANES_MAX; ++i)
      frame_.dmabuf_fd[i] = config.memory.dmabuf_fd[i] = i < config.input.plane_count ? fd_ : -1;
  }
  ~DmabufFrames() {
    munmap(start_, byte_count_);
    close(fd_);
  }
  DmabufFrames(const DmabufFrames &) = delete;
  DmabufFrames &operator=(const DmabufFrames &) = delete;

  CsiEncoderFrame frame(int64_t timestamp_ns) const {
    CsiEncoderFrame frame = frame_;
    frame.timestamp_ns = timestamp_ns;
    return frame;
  }

private:
  size_t byte_count_;
  int fd_;
  uint8_t *start_;
  CsiEncoderFrame frame_ = {};
};

struct Case {
  CsiEncoderConfig config;
  Frames frames;
};

Case make_case(uint32_t codec, uint32_t pixel_format, uint32_t width, uint32_t height, uint32_t padding,
               uint32_t divisor) {
  const uint32_t half = (width + 1) / 2, half_rows = (height + 1) / 2;
  const uint32_t row_bytes[][CSI_PLANES_MAX] = {
      {width, half, half}, {width, 2 * half, 0}, {3 * width, 0, 0}, {3 * width, 0, 0}, {4 * half, 0, 0}};
  CsiEncoderConfig config = {};
  config.input.width = width;
  config.input.height = height;
  config.input.pixel_format = pixel_format;
  config.input.plane_count = pixel_format == CSI_PIXEL_YUV420 ? 3 : pixel_format == CSI_PIXEL_NV12 ? 2 : 1;
  for (uint32_t i = 0; i < config.input.plane_count; ++i)
    config.input.stride[i] = row_bytes[pixel_format][i] + padding;
  config.input.colour = {1, 1, static_cast<uint8_t>(pixel_format == CSI_PIXEL_YUYV ? 9 : 1), 0};
  config.output_width = (width + divisor - 1) / divisor;
  config.output_height = (height + divisor - 1) / divisor;
  config.rate_numerator = 60;
  config.rate_denominator = 1;
  config.bitrate = 2'000'000;
  config.key_interval_frames = 7;
  config.level_idc = 42;
  config.quality = 80;
  config.queue_frames_max = 3;
  config.codec = codec;
  for (int32_t &fd : config.memory.dmabuf_fd)
    fd = -1;
  const uint32_t rows[] = {height, half_rows, half_rows};
  return {config, Frames(config.input, rows, row_bytes[pixel_format])};
}

class Encoder {
public:
  Encoder(const Library &library, const CsiEncoderConfig &config) : library_(library) {
    char error[256];
    const int result = library.csi_encoder_create(&config, &encoder_, &wake_fd_, error, sizeof error);
    if (result != 0)
      std::fprintf(stderr, "%s\n", error);
    CHECK(result == 0);
  }
  ~Encoder() {
    library_.csi_encoder_destroy(encoder_);
    char byte[64];
    ssize_t count;
    while ((count = read(wake_fd_, byte, sizeof byte)) > 0) {
    }
    CHECK(count == 0); // the end: no writer is left
    close(wake_fd_);
  }

  int submit(const CsiEncoderFrame &frame) { return library_.csi_encoder_submit(encoder_, &frame); }
  void drain() { CHECK(library_.csi_encoder_drain(encoder_) == 0); }
  std::string error() { return library_.csi_encoder_error(encoder_); }

  /** Takes what there is; waits for the first event if `wait`. */
  void take(bool wait) {
    pollfd entry = {wake_fd_, POLLIN, 0};
    if (wait)
      CHECK(poll(&entry, 1, 20'000) == 1);
    char bytes[64];
    while (read(wake_fd_, bytes, sizeof bytes) > 0) {
    }
    CsiEncoderEvent event;
    while (library_.csi_encoder_take(encoder_, &event) == 0) {
      ++events[event.kind];
      last = event;
      if (event.kind != CSI_EVENT_PACKET)
        continue;
      std::vector<uint8_t> packet(event.byte_count);
      CHECK(library_.csi_encoder_read(encoder_, packet.data(), event.byte_count - 1) < 0);
      CHECK(library_.csi_encoder_read(encoder_, packet.data(), event.byte_count) == 0);
    }
  }

  CsiEncoderInfo info() {
    CsiEncoderInfo info;
    CHECK(library_.csi_encoder_info(encoder_, &info) == 0);
    return info;
  }

  std::map<uint32_t, int> events;
  CsiEncoderEvent last = {};

private:
  const Library &library_;
  CsiEncoder *encoder_ = nullptr;
  int wake_fd_ = -1;
};

/** What an encoder is expected to do to frames. */
enum class Loses { nothing, frames };

template <typename AnyFrames>
CsiEncoderInfo encode_all(const Library &library, const CsiEncoderConfig &config, const AnyFrames &frames,
                          int frame_count, Loses loses = Loses::nothing) {
  Encoder encoder(library, config);
  int accepted = 0;
  for (int i = 0; i < frame_count; ++i) {
    int result;
    while ((result = encoder.submit(frames.frame(i))) == -EAGAIN)
      encoder.take(true);
    if (result != 0 && loses == Loses::nothing)
      std::fprintf(stderr, "%s\n", encoder.error().c_str());
    CHECK(result == 0 || (result == -EPIPE && loses == Loses::frames));
    accepted += result == 0;
  }
  encoder.drain();
  while (encoder.events[CSI_EVENT_DRAINED] + encoder.events[CSI_EVENT_FAILED] == 0)
    encoder.take(true);
  CHECK(encoder.events[CSI_EVENT_RELEASED] == accepted);
  CHECK(encoder.events[CSI_EVENT_PACKET] + encoder.events[CSI_EVENT_SKIPPED] == accepted);
  CHECK(encoder.events[CSI_EVENT_PACKET] == frame_count || loses == Loses::frames);
  return encoder.info();
}

void destroy_at_work(const Library &library, const Case &each, int submitted, Loses loses = Loses::nothing) {
  Encoder encoder(library, each.config);
  for (int i = 0; i < submitted; ++i) {
    const int result = encoder.submit(each.frames.frame(i));
    CHECK(result == 0 || (result == -EPIPE && loses == Loses::frames)); // a faulty device may be dead by now
  }
  if (submitted % 2 == 1)
    encoder.drain();
}

void fail(const Library &library, const Case &each) {
  Encoder encoder(library, each.config);
  CHECK(encoder.submit(each.frames.frame(1)) == 0);
  CHECK(encoder.submit(each.frames.frame(2, 9999)) == 0);
  CHECK(encoder.submit(each.frames.frame(3)) == 0);
  while (encoder.events[CSI_EVENT_FAILED] == 0)
    encoder.take(true);
  CHECK(encoder.last.kind == CSI_EVENT_FAILED && encoder.last.result == -EBADF);
  CHECK(encoder.events[CSI_EVENT_RELEASED] == 3);
  CHECK(encoder.events[CSI_EVENT_PACKET] + encoder.events[CSI_EVENT_SKIPPED] == 3);
  CHECK(!encoder.error().empty());
  CHECK(encoder.submit(each.frames.frame(4)) == -EPIPE);
}

void stress_software(const Library &library) {
  const std::string name = library.csi_encoder_name();
  const bool is_image = name.find("jpeg") != std::string::npos;
  const uint32_t codec = is_image ? CSI_CODEC_JPEG : CSI_CODEC_H264;
  const auto encode = [&](const Case &each, int frame_count) {
    const CsiEncoderInfo info = encode_all(library, each.config, each.frames, frame_count);
    CHECK(info.name == name && info.zero_copy == 0 && info.copied_frames == 0);
  };
  for (uint32_t pixel_format = 0; pixel_format <= CSI_PIXEL_YUYV; ++pixel_format) {
    for (const uint32_t padding : {0u, 2u, 64u}) {
      encode(make_case(codec, pixel_format, 322, 242, padding, 1), 20);
      if (!is_image)
        continue;
      encode(make_case(codec, pixel_format, 322, 242, padding, 3), 3);
      encode(make_case(codec, pixel_format, 323, 241, padding, 1), 3);
      encode(make_case(codec, pixel_format, 323, 241, padding, 2), 3);
      encode(make_case(codec, pixel_format, 1, 1, padding, 1), 3);
    }
    const Case each = make_case(codec, pixel_format, 640, 480, 0, 1);
    for (int round = 0; round < 12; ++round)
      destroy_at_work(library, each, round % 4);
    fail(library, each);
  }
}

Case make_device_case(uint32_t codec, uint32_t pixel_format, uint32_t width, uint32_t height, uint32_t padding) {
  Case each = make_case(codec, pixel_format, width, height, padding, 1);
  if (codec == CSI_CODEC_JPEG)
    each.config.input.colour = {1, 13, 6, 1}; // JFIF's own: hardware does not convert
  return each;
}

void stress_device(const Library &library, Loses loses) {
  for (const uint32_t codec : {CSI_CODEC_H264, CSI_CODEC_JPEG}) {
    for (const uint32_t pixel_format : {CSI_PIXEL_YUV420, CSI_PIXEL_NV12}) {
      for (const uint32_t padding : {0u, 64u}) {
        const Case odd = make_device_case(codec, pixel_format, 322, 242, padding);
        CHECK(encode_all(library, odd.config, odd.frames, 20, loses).zero_copy == 0);
      }
      Case each = make_device_case(codec, pixel_format, 640, 480, 0);
      for (int round = 0; round < 4; ++round)
        destroy_at_work(library, each, round, loses);
      if (loses == Loses::nothing)
        fail(library, each);
      const DmabufFrames in_dmabuf(each.config);
      const CsiEncoderInfo info = encode_all(library, each.config, in_dmabuf, 20, loses);
      CHECK(info.zero_copy == 1 || loses == Loses::frames);
    }
  }
}

} // namespace

int main(int argument_count, char **arguments) {
  CHECK(argument_count == 2 || argument_count == 3);
  const Library library(arguments[1]);
  const bool is_faulty = argument_count == 3 && std::string(arguments[2]) == "faulty";
  CHECK(is_faulty == (argument_count == 3));
  if (std::string(library.csi_encoder_name()) == "V4L2 M2M")
    stress_device(library, is_faulty ? Loses::frames : Loses::nothing);
  else
    stress_software(library);
  std::printf("%s: sound\n", library.csi_encoder_name());
  return 0;
}
