// What a frame takes, for counting instructions: an encoder alone in a loop, or a library of the shim by its C ABI, one
// frame after the other.
//
//   work x264|turbojpeg FILE WIDTH HEIGHT STRIDE LEVEL_IDC FRAMES
//   work h264|mjpeg|mjpeg-of-bt709|preview FILE WIDTH HEIGHT STRIDE LEVEL_IDC FRAMES LIBRARY
//
// FILE has pictures of YUV420, which are read where they lie, round and round. preview: a JPEG of a quarter of the
// width and of the height. mjpeg: of pictures in a JPEG's own colour, which the module asks a camera for;
// mjpeg-of-bt709: of a camera that gives BT.709 all the same, which is changed. x264 has one thread: with more, their
// number would be that of the processors.
#include "../floor/h264.h"
#include "../floor/jpeg.h"
#include "csi_encoder.h"
#include "loaded-library.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

namespace {

constexpr uint32_t kFramesPerSecond = 30;
constexpr uint32_t kBitrate = 8'000'000;
constexpr int kQuality = 85;

class Clip {
public:
  Clip(const char *path, uint32_t stride, uint32_t height) :
      stride_(stride),
      luma_bytes_(static_cast<size_t>(stride) * height) {
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    CHECK(fd >= 0 && fstat(fd, &status) == 0);
    count_ = static_cast<size_t>(status.st_size) / picture_bytes();
    CHECK(count_ > 0);
    void *const start = mmap(nullptr, count_ * picture_bytes(), PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 0);
    CHECK(start != MAP_FAILED);
    start_ = static_cast<uint8_t *>(start);
    close(fd);
  }

  Planes picture(uint32_t index) const {
    uint8_t *const bytes = start_ + index % count_ * picture_bytes();
    const int stride = static_cast<int>(stride_);
    return {{bytes, bytes + luma_bytes_, bytes + luma_bytes_ * 5 / 4}, {stride, stride / 2, stride / 2}};
  }

private:
  size_t picture_bytes() const { return luma_bytes_ * 3 / 2; }

  const uint32_t stride_;
  const size_t luma_bytes_;
  size_t count_;
  uint8_t *start_;
};

struct Library {
  explicit Library(const char *path) : library(path) {}
  const LoadedLibrary library;

  ABI(csi_encoder_create);
  ABI(csi_encoder_submit);
  ABI(csi_encoder_take);
  ABI(csi_encoder_read);
  ABI(csi_encoder_destroy);
};

class ShimEncoder {
public:
  ShimEncoder(const Library &library, const CsiEncoderConfig &config) : library_(library) {
    char error[256];
    if (library.csi_encoder_create(&config, &encoder_, &wake_fd_, error, sizeof error) != 0) {
      std::fprintf(stderr, "%s\n", error);
      std::exit(1);
    }
  }
  ~ShimEncoder() {
    library_.csi_encoder_destroy(encoder_);
    close(wake_fd_);
  }
  ShimEncoder(const ShimEncoder &) = delete;
  ShimEncoder &operator=(const ShimEncoder &) = delete;

  /** The frame is given back and its packet read when this returns. */
  void encode(const Planes &picture, uint32_t index) {
    CsiEncoderFrame frame = {};
    for (int i = 0; i < CSI_PLANES_MAX; ++i) {
      frame.plane[i] = reinterpret_cast<uintptr_t>(picture.plane[i]);
      frame.dmabuf_fd[i] = -1;
    }
    frame.flags = index % kFramesPerSecond == 0 ? CSI_FRAME_FORCE_KEY : 0; // as the recorder asks for them
    frame.timestamp_ns = int64_t{index} * 1'000'000'000 / kFramesPerSecond;
    CHECK(library_.csi_encoder_submit(encoder_, &frame) == 0);
    for (int results = 0; results < 2;)
      results += take();
  }

private:
  /** Returns how many frames were given back and packets read. */
  int take() {
    pollfd entry = {wake_fd_, POLLIN, 0};
    CHECK(poll(&entry, 1, -1) == 1);
    char bytes[64];
    while (read(wake_fd_, bytes, sizeof bytes) > 0) {
    }
    int results = 0;
    CsiEncoderEvent event;
    while (library_.csi_encoder_take(encoder_, &event) == 0) {
      CHECK(event.kind == CSI_EVENT_OPENED || event.kind == CSI_EVENT_RELEASED || event.kind == CSI_EVENT_PACKET);
      results += event.kind != CSI_EVENT_OPENED;
      if (event.kind != CSI_EVENT_PACKET)
        continue;
      packet_.resize(std::max<size_t>(packet_.size(), event.byte_count));
      CHECK(library_.csi_encoder_read(encoder_, packet_.data(), event.byte_count) == 0);
    }
    return results;
  }

  const Library &library_;
  CsiEncoder *encoder_ = nullptr;
  int wake_fd_ = -1;
  std::vector<uint8_t> packet_;
};

// src/capture/stream-format.ts
constexpr CsiColour kSycc = {1, 13, 6, 1};
constexpr CsiColour kBt709 = {1, 1, 1, 0};

CsiEncoderConfig shim_config(const Job &job, const std::string &what) {
  CsiEncoderConfig config = {};
  const uint32_t divisor = what == "preview" ? 4 : 1;
  config.input.width = static_cast<uint32_t>(job.width);
  config.input.height = static_cast<uint32_t>(job.height);
  config.input.pixel_format = CSI_PIXEL_YUV420;
  config.input.plane_count = 3;
  for (uint32_t i = 0; i < config.input.plane_count; ++i)
    config.input.stride[i] = static_cast<uint32_t>(job.stride) / (i == 0 ? 1 : 2);
  config.input.colour = what == "mjpeg" ? kSycc : kBt709;
  config.output_width = config.input.width / divisor;
  config.output_height = config.input.height / divisor;
  config.rate_numerator = job.frames_per_second * 1000;
  config.rate_denominator = 1000;
  config.bitrate = job.bitrate;
  config.key_interval_frames = 10 * job.frames_per_second;
  config.level_idc = job.level_idc;
  config.quality = static_cast<uint32_t>(job.quality);
  config.threads = job.threads;
  config.queue_frames_max = 1;
  config.codec = what == "h264" ? CSI_CODEC_H264 : CSI_CODEC_JPEG;
  for (int32_t &fd : config.memory.dmabuf_fd)
    fd = -1;
  return config;
}

template <typename Encoder>
void encode_alone(const Job &job, const Clip &clip, uint32_t frames) {
  Encoder encoder(job);
  for (uint32_t index = 0; index < frames; ++index)
    encoder.encode(clip.picture(index));
}

} // namespace

int main(int count, char **words) {
  CHECK(count == 8 || count == 9);
  const auto number = [&](int at) { return static_cast<uint32_t>(std::stoul(words[at])); };
  const std::string what = words[1];
  const Job job = {static_cast<int>(number(3)),
                   static_cast<int>(number(4)),
                   static_cast<int>(number(5)),
                   kFramesPerSecond,
                   kBitrate,
                   number(6),
                   kQuality,
                   1};
  const uint32_t frames = number(7);
  const Clip clip(words[2], number(5), number(4));
  if (what == "x264")
    encode_alone<H264>(job, clip, frames);
  else if (what == "turbojpeg")
    encode_alone<Jpeg>(job, clip, frames);
  else {
    CHECK(count == 9 && (what == "h264" || what == "mjpeg" || what == "mjpeg-of-bt709" || what == "preview"));
    const Library library(words[8]);
    ShimEncoder encoder(library, shim_config(job, what));
    for (uint32_t index = 0; index < frames; ++index)
      encoder.encode(clip.picture(index), index);
  }
  return 0;
}
