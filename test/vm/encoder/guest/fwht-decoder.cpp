// fwht-decoder DEVICE STREAM FOURCC FRAMES: decodes a stream of FWHT frames with vicodec's stateful decoder (kernel:
// dev-decoder.rst) and writes the frames numbered in FRAMES ("0,1,17") to stdout, one after the other, as the decoder
// gives them in the raw format FOURCC. On stderr: one JSON object that says what the decoder made of the stream. Knows
// the single- and the multi-planar API; independent of the shim, whose work it is to judge.

#include "decoder-queue.h"

#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

constexpr size_t kHeaderBytes = 44; // struct fwht_cframe_hdr: eleven words, big endian
constexpr size_t kWidthAt = 12;
constexpr size_t kHeightAt = 16;
constexpr size_t kSizeAt = 40;
constexpr int kPatienceMs = 20000;

uint32_t word_at(const Bytes &bytes, size_t at) {
  return uint32_t{bytes[at]} << 24 | uint32_t{bytes[at + 1]} << 16 | uint32_t{bytes[at + 2]} << 8 | bytes[at + 3];
}

std::vector<Bytes> read_frames(const char *path) {
  std::ifstream file(path, std::ios::binary);
  const Bytes all((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::vector<Bytes> frames;
  for (size_t at = 0; at < all.size();) {
    if (all.size() - at < kHeaderBytes)
      give_up("the stream ends inside a header");
    if (word_at(all, at) != 0x4f4f4f4f || word_at(all, at + 4) != 0xffffffff)
      give_up("no frame begins at byte " + std::to_string(at));
    const size_t bytes = kHeaderBytes + word_at(all, at + kSizeAt);
    if (all.size() - at < bytes)
      give_up("the stream ends inside a frame");
    frames.emplace_back(all.begin() + static_cast<ptrdiff_t>(at), all.begin() + static_cast<ptrdiff_t>(at + bytes));
    at += bytes;
  }
  if (frames.empty())
    give_up("the stream is empty");
  return frames;
}

class Decoder {
public:
  Decoder(const char *device, std::vector<Bytes> frames, uint32_t fourcc, std::vector<long> wanted) :
      fd_(open(device, O_RDWR | O_NONBLOCK)),
      multiplanar_(is_multiplanar()),
      coded_(fd_, multiplanar_, true),
      raw_(fd_, multiplanar_, false),
      frames_(std::move(frames)),
      fourcc_(fourcc),
      wanted_(std::move(wanted)) {}

  void run() {
    v4l2_event_subscription change = {};
    change.type = V4L2_EVENT_SOURCE_CHANGE;
    demand(VIDIOC_SUBSCRIBE_EVENT, &change, "VIDIOC_SUBSCRIBE_EVENT");
    coded_.set_format(word_at(frames_[0], kWidthAt), word_at(frames_[0], kHeightAt), V4L2_PIX_FMT_FWHT);
    coded_.start();
    for (uint32_t index = 0; index < coded_.size(); ++index)
      feed(index);
    wait(POLLPRI);
    start_raw();
    while (!ended_) {
      wait(POLLIN | POLLOUT);
      Queue::Done done;
      while (coded_.dequeue(&done)) {
        errors_ += done.flags & V4L2_BUF_FLAG_ERROR ? 1 : 0;
        feed(done.index);
      }
      while (!ended_ && raw_.dequeue(&done))
        take(done);
    }
    report();
  }

private:
  bool is_multiplanar() const {
    v4l2_capability capability = {};
    demand(VIDIOC_QUERYCAP, &capability, "VIDIOC_QUERYCAP");
    return capability.device_caps & V4L2_CAP_VIDEO_M2M_MPLANE;
  }

  /** One frame to a buffer, its number as the time. */
  void feed(uint32_t index) {
    if (fed_ < frames_.size()) {
      coded_.queue(index, frames_[fed_], static_cast<long>(fed_));
      ++fed_;
    }
    if (fed_ == frames_.size() && started_ && !stopped_)
      stop();
  }

  void stop() {
    v4l2_decoder_cmd command = {};
    command.cmd = V4L2_DEC_CMD_STOP;
    demand(VIDIOC_DECODER_CMD, &command, "VIDIOC_DECODER_CMD");
    stopped_ = true;
  }

  void start_raw() {
    const Queue::Format told = raw_.format();
    format_ = raw_.set_format(told.width, told.height, fourcc_);
    if (format_.fourcc != fourcc_)
      give_up("the decoder does not decode to this format");
    selection_.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    selection_.target = V4L2_SEL_TGT_COMPOSE;
    demand(VIDIOC_G_SELECTION, &selection_, "VIDIOC_G_SELECTION");
    raw_.start();
    for (uint32_t index = 0; index < raw_.size(); ++index)
      raw_.queue(index);
    started_ = true;
    if (fed_ == frames_.size())
      stop();
  }

  void take(const Queue::Done &done) {
    if (done.byte_count > 0) {
      errors_ += done.flags & V4L2_BUF_FLAG_ERROR ? 1 : 0;
      in_order_ &= done.time_us == decoded_;
      ++decoded_;
      key_frames_ += done.flags & V4L2_BUF_FLAG_KEYFRAME ? 1 : 0;
      if (std::find(wanted_.begin(), wanted_.end(), done.time_us) != wanted_.end() &&
          fwrite(raw_.bytes(done.index), 1, format_.byte_count, stdout) != format_.byte_count)
        give_up("the output cannot be written");
    }
    ended_ = done.flags & V4L2_BUF_FLAG_LAST;
    if (!ended_)
      raw_.queue(done.index);
  }

  void report() const {
    fprintf(stderr,
            "{\"frames\":%ld,\"in_order\":%s,\"errors\":%d,\"key_frames\":%d,\"coded_width\":%u,\"coded_height\":%u,"
            "\"width\":%u,\"height\":%u,\"stride\":%u,\"byte_count\":%u,\"multiplanar\":%s}\n",
            decoded_, in_order_ ? "true" : "false", errors_, key_frames_, format_.width, format_.height,
            selection_.r.width, selection_.r.height, format_.stride, format_.byte_count,
            multiplanar_ ? "true" : "false");
  }

  void wait(short events) const {
    pollfd entry = {fd_, events, 0};
    const int count = poll(&entry, 1, kPatienceMs);
    if (count == 0)
      give_up("the decoder gives nothing any more after " + std::to_string(decoded_) + " frames");
  }

  void demand(unsigned long request, void *argument, const char *name) const {
    if (ioctl(fd_, request, argument) != 0)
      give_up(std::string(name) + ": " + std::strerror(errno));
  }

  const int fd_;
  const bool multiplanar_;
  Queue coded_;
  Queue raw_;
  const std::vector<Bytes> frames_;
  const uint32_t fourcc_;
  const std::vector<long> wanted_;
  Queue::Format format_ = {};
  v4l2_selection selection_ = {};
  size_t fed_ = 0;
  long decoded_ = 0;
  int errors_ = 0;
  int key_frames_ = 0;
  bool in_order_ = true;
  bool started_ = false;
  bool stopped_ = false;
  bool ended_ = false;
};

std::vector<long> numbers(const char *text) {
  std::vector<long> list;
  std::istringstream words(text);
  for (std::string word; std::getline(words, word, ',');)
    list.push_back(std::stol(word));
  return list;
}

} // namespace

int main(int count, char **words) {
  if (count != 5 || std::strlen(words[3]) != 4) {
    fprintf(stderr, "fwht-decoder DEVICE STREAM FOURCC FRAMES\n");
    return 2;
  }
  const char *name = words[3];
  try {
    Decoder(words[1], read_frames(words[2]), v4l2_fourcc(name[0], name[1], name[2], name[3]), numbers(words[4])).run();
    return 0;
  } catch (const std::exception &error) {
    fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
