// The floor of `npm run bench`: the encoder alone, called in a loop.
//
//   floor h264|mjpeg FILE WIDTH HEIGHT STRIDE FRAMES FRAMES_PER_SECOND BITRATE LEVEL_IDC QUALITY OUTPUT free|real-time
//
// Reads pictures from FILE round and round, each by pread() into one buffer as the module's replay source does, and
// writes what the encoder makes of them to OUTPUT: the bare stream, nothing else. `free`: as fast as it goes.
#include "h264.h"
#include "jpeg.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <system_error>
#include <thread>

namespace {

int open_file(const char *path, int flags) {
  const int fd = open(path, flags | O_CLOEXEC, 0644);
  if (fd < 0)
    throw std::system_error(errno, std::generic_category(), path);
  return fd;
}

void read_picture(int fd, uint8_t *bytes, size_t count, off_t at) {
  for (size_t filled = 0; filled < count;) {
    const ssize_t got = pread(fd, bytes + filled, count - filled, at + static_cast<off_t>(filled));
    if (got <= 0)
      throw std::runtime_error("cannot read a whole picture");
    filled += static_cast<size_t>(got);
  }
}

void write_all(int fd, Bytes bytes) {
  for (unsigned long written = 0; written < bytes.count;) {
    const ssize_t put = write(fd, bytes.data + written, bytes.count - written);
    if (put < 0)
      throw std::system_error(errno, std::generic_category(), "write");
    written += static_cast<unsigned long>(put);
  }
}

template <typename Encoder>
void run(const Job &job, const char *path, uint32_t frames, const char *output_path, bool is_free) {
  const size_t luma_bytes = static_cast<size_t>(job.stride) * job.height;
  const size_t picture_bytes = luma_bytes * 3 / 2;
  const int file = open_file(path, O_RDONLY);
  const int output = open_file(output_path, O_WRONLY | O_CREAT | O_TRUNC);
  struct stat status;
  if (fstat(file, &status) != 0 || static_cast<size_t>(status.st_size) < picture_bytes)
    throw std::runtime_error("the file holds no whole picture");
  const uint64_t pictures = static_cast<uint64_t>(status.st_size) / picture_bytes;

  constexpr size_t page_bytes = 4096;
  const size_t room = (picture_bytes + page_bytes - 1) / page_bytes * page_bytes;
  const std::unique_ptr<uint8_t, decltype(&free)> memory(static_cast<uint8_t *>(std::aligned_alloc(page_bytes, room)),
                                                         free);
  uint8_t *const bytes = memory.get();
  const Planes planes = {{bytes, bytes + luma_bytes, bytes + luma_bytes * 5 / 4},
                         {job.stride, job.stride / 2, job.stride / 2}};
  Encoder encoder(job);
  const auto start = std::chrono::steady_clock::now();
  for (uint32_t frame = 0; frame < frames; ++frame) {
    if (!is_free)
      std::this_thread::sleep_until(start + std::chrono::nanoseconds(1'000'000'000ull * frame / job.frames_per_second));
    read_picture(file, bytes, picture_bytes, static_cast<off_t>(frame % pictures * picture_bytes));
    write_all(output, encoder.encode(planes));
  }
  close(output);
  close(file);
}

uint32_t number(const char *text) {
  return static_cast<uint32_t>(std::stoul(text));
}

} // namespace

int main(int count, char **words) {
  if (count != 13) {
    std::fprintf(stderr, "expected 12 arguments, got %d: see floor.cpp\n", count - 1);
    return 2;
  }
  try {
    const std::string codec = words[1];
    const Job job = {static_cast<int>(number(words[3])),
                     static_cast<int>(number(words[4])),
                     static_cast<int>(number(words[5])),
                     number(words[7]),
                     number(words[8]),
                     number(words[9]),
                     static_cast<int>(number(words[10])),
                     0};
    const std::string pace = words[12];
    if (pace != "free" && pace != "real-time")
      throw std::runtime_error("there is no pace " + pace);
    if (codec == "h264")
      run<H264>(job, words[2], number(words[6]), words[11], pace == "free");
    else if (codec == "mjpeg")
      run<Jpeg>(job, words[2], number(words[6]), words[11], pace == "free");
    else
      throw std::runtime_error("there is no codec " + codec);
    return 0;
  } catch (const std::exception &error) {
    std::fprintf(stderr, "floor: %s\n", error.what());
    return 1;
  }
}
