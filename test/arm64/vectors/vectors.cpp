// Has a library of the shim's do its work once, with the processor's vector instructions or without, and prints what it
// made of it as one line: a checksum of the result. x264 says on stderr which instructions it uses.
//
//   vectors x264|turbojpeg|yuv vector|scalar
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include <libyuv.h>
#include <turbojpeg.h>

extern "C" {
#include <x264.h>
}

namespace {

constexpr int kWidth = 320;
constexpr int kHeight = 240;

/** A picture of YUV420, and where its planes begin. */
struct Picture {
  Picture(int width_, int height_) : width(width_), height(height_), bytes(width_ * height_ * 3 / 2) {}
  int width;
  int height;
  std::vector<uint8_t> bytes;
  uint8_t *plane(int i) { return bytes.data() + width * height * (i == 0 ? 0 : i == 1 ? 4 : 5) / 4; }
  int stride(int i) const { return i == 0 ? width : width / 2; }
};

Picture paint() {
  Picture picture(kWidth, kHeight);
  uint32_t state = 1;
  for (uint8_t &byte : picture.bytes) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<uint8_t>(state >> 24);
  }
  return picture;
}

[[noreturn]] void fail(const char *what) {
  std::fprintf(stderr, "%s\n", what);
  std::exit(1);
}

/** FNV-1a. */
void print_checksum(const uint8_t *bytes, size_t count) {
  uint64_t sum = 0xcbf29ce484222325;
  for (size_t i = 0; i < count; ++i)
    sum = (sum ^ bytes[i]) * 0x100000001b3;
  std::printf("%016" PRIx64 "\n", sum);
}

void run_x264(Picture &picture, bool vector) {
  x264_param_t parameters;
  if (x264_param_default_preset(&parameters, "ultrafast", "zerolatency") != 0)
    fail("x264 has no such preset");
  parameters.i_width = picture.width;
  parameters.i_height = picture.height;
  parameters.i_threads = 1;
  parameters.i_log_level = X264_LOG_INFO;
  if (!vector)
    parameters.cpu = 0;
  x264_t *const encoder = x264_encoder_open(&parameters);
  if (!encoder)
    fail("x264 cannot be opened");
  x264_picture_t in, out;
  x264_picture_init(&in);
  in.img.i_csp = X264_CSP_I420;
  in.img.i_plane = 3;
  for (int i = 0; i < 3; ++i) {
    in.img.plane[i] = picture.plane(i);
    in.img.i_stride[i] = picture.stride(i);
  }
  x264_nal_t *units;
  int unit_count;
  const int bytes = x264_encoder_encode(encoder, &units, &unit_count, &in, &out);
  if (bytes <= 0)
    fail("x264 made nothing of a picture");
  print_checksum(units[0].p_payload, static_cast<size_t>(bytes));
  x264_encoder_close(encoder);
}

void run_turbojpeg(Picture &picture, bool vector) {
  // Looked at when a compressor is first used.
  if (!vector && setenv("JSIMD_FORCENONE", "1", 1) != 0)
    fail("no memory");
  const tjhandle handle = tjInitCompress();
  std::vector<uint8_t> image(tjBufSize(picture.width, picture.height, TJSAMP_420));
  const unsigned char *planes[] = {picture.plane(0), picture.plane(1), picture.plane(2)};
  const int strides[] = {picture.stride(0), picture.stride(1), picture.stride(2)};
  unsigned char *start = image.data();
  unsigned long bytes = image.size();
  if (tjCompressFromYUVPlanes(handle, planes, picture.width, strides, picture.height, TJSAMP_420, &start, &bytes, 85,
                              TJFLAG_NOREALLOC) != 0)
    fail(tjGetErrorStr2(handle));
  print_checksum(start, bytes);
  tjDestroy(handle);
}

void run_yuv(Picture &picture, bool vector) {
  libyuv::MaskCpuFlags(vector ? -1 : libyuv::kCpuInitialized);
  Picture small(picture.width / 4, picture.height / 4);
  if (libyuv::I420Scale(picture.plane(0), picture.stride(0), picture.plane(1), picture.stride(1), picture.plane(2),
                        picture.stride(2), picture.width, picture.height, small.plane(0), small.stride(0),
                        small.plane(1), small.stride(1), small.plane(2), small.stride(2), small.width, small.height,
                        libyuv::kFilterBox) != 0)
    fail("libyuv cannot scale a picture");
#ifdef __aarch64__
  std::fprintf(stderr, "libyuv has NEON: %s\n", libyuv::TestCpuFlag(libyuv::kCpuHasNEON) ? "yes" : "no");
#endif
  print_checksum(small.bytes.data(), small.bytes.size());
}

} // namespace

int main(int count, char **words) {
  if (count != 3)
    fail("expected a library, and vector or scalar");
  const bool vector = std::strcmp(words[2], "vector") == 0;
  Picture picture = paint();
  if (std::strcmp(words[1], "x264") == 0)
    run_x264(picture, vector);
  else if (std::strcmp(words[1], "turbojpeg") == 0)
    run_turbojpeg(picture, vector);
  else if (std::strcmp(words[1], "yuv") == 0)
    run_yuv(picture, vector);
  else
    fail("there is no such library");
  return 0;
}
