// What the device pretends to be, and what goes wrong with it: the environment variable CSI_TEST_M2M.
//
// One node's switches are KEY=VALUE with commas between; several nodes have semicolons between them. Unset: one node
// with the defaults, a Raspberry Pi 4's H.264 encoder. An unknown key or value ends the process.
//
//   node=/dev/videoN        default: /dev/video11; codec=jpeg: 31; kind=decoder: 10; kind=camera: 0
//   kind=encoder            decoder, camera: say so and can be asked for their formats, no more; not_v4l2: knows no
//   ioctl codec=h264              jpeg planar=multi            single: the single-planar API
//   formats=YU12+YV12+NV12+NV21   what it encodes from
//   max_size=1920x1920
//   stride_align=N          default: 64 for planar, 32 for interleaved chroma, 32 for codec=jpeg
//   height_align=N          rows of luma that the layout is padded to; default 1, codec=jpeg: 16
//   sizes=ok                what OUTPUT's format reads back as: garbage_zero, garbage_small_stride (half a row),
//                           garbage_small_sizeimage (half a picture), garbage_huge (almost 4 GiB), garbage_planes (0
//                           planes)
//   controls=bcm2835        all: MIN_BUFFERS_FOR_OUTPUT (2) too, which that driver lacks; no_force_key; none
//   headers=first           where SPS and PPS are: once before the first frame (before each key frame if
//                           REPEAT_SEQ_HEADER is 1); each: before each key frame; separate: once, in a CAPTURE buffer
//                           of their own with the first frame's timestamp; separate_zero_timestamp
//   key_flags=right         wrong: V4L2_BUF_FLAG_KEYFRAME on all frames but key frames; none
//   split=N                 frames come in pieces of at most N bytes, all with the frame's timestamp
//   skip=N                  every Nth frame gives no CAPTURE buffer and is not encoded
//   error=N                 every Nth frame comes damaged, with V4L2_BUF_FLAG_ERROR
//   encode_delay=MS         pixels are read so long after the encoder took the buffer
//   dmabuf=ok               refuse_reqbufs (EINVAL), refuse_prepare (EFAULT, from QBUF too), refuse_queue (EFAULT)
//   prepare_buf=yes         no: ENOTTY
//   drain=flag_empty        how the end is told: an empty CAPTURE buffer with V4L2_BUF_FLAG_LAST; flag_on_last: on the
//   last
//                           frame (the newest frame is held back until the next one or the drain); eos_event: only by
//                           V4L2_EVENT_EOS; unsupported: ENCODER_CMD gives ENOTTY
//   drain_delay=MS          between the last frame and its end
//   stall=N                 after N frames nothing comes out of the process's first streaming context any more
//   stall_always=1          of no context
//   eio=N                   after N CAPTURE buffers were dequeued, one DQBUF gives EIO; first streaming context only
//   vanish=N                after N of them the node is gone: ENODEV, POLLERR | POLLHUP, not in /dev any more
//   refuse=CALL:ERRNO:N     the context's first N calls of this ioctl (S_PARM) give this error, without N all of them;
//                           several with + between
//   buffers_max=N           REQBUFS gives no more than that for a queue
//   streamoff_delay=MS      how long STREAMOFF takes (bcm2835-codec waits up to 2 s for firmware that does not answer)
//   open_error=ERRNO        EACCES, EBUSY, ENOENT, …
//   canned=1                the first 60 frames are encoded; from then on their packets are repeated
//   trace=1                 the report lists every ioctl
#pragma once

#include <linux/videodev2.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace m2m {

enum class Kind { encoder, decoder, camera, not_v4l2 };
enum class Codec { h264, jpeg };
enum class Sizes { ok, zero, small_stride, small_sizeimage, huge, planes };
enum class ControlSet { bcm2835, all, no_force_key, none };
enum class Headers { first, each, separate, separate_zero_timestamp };
enum class KeyFlags { right, wrong, none };
enum class DmaBufSupport { ok, refuse_reqbufs, refuse_prepare, refuse_queue };
enum class DrainEnd { flag_empty, flag_on_last, eos_event, unsupported };

struct Refusal {
  std::string call;
  int error; // errno
  uint32_t times;
};

struct Switches {
  std::string node;
  Kind kind = Kind::encoder;
  Codec codec = Codec::h264;
  bool is_multi_planar = true;
  std::vector<uint32_t> formats; // fourcc
  uint32_t width_max = 1920;
  uint32_t height_max = 1920;
  uint32_t stride_align = 0; // 0: the format's own
  uint32_t height_align = 0; // 0: the codec's own
  Sizes sizes = Sizes::ok;
  ControlSet controls = ControlSet::bcm2835;
  Headers headers = Headers::first;
  KeyFlags key_flags = KeyFlags::right;
  uint32_t split_bytes = 0; // 0: never; so are the counts below
  uint32_t skip_every = 0;
  uint32_t error_every = 0;
  uint32_t encode_delay_ms = 0;
  DmaBufSupport dmabuf = DmaBufSupport::ok;
  bool has_prepare_buf = true;
  DrainEnd drain = DrainEnd::flag_empty;
  uint32_t drain_delay_ms = 0;
  std::optional<uint32_t> stall_after;
  bool stalls_always = false;
  std::optional<uint32_t> eio_after;
  std::vector<Refusal> refusals;
  uint32_t buffers_max = VIDEO_MAX_FRAME;
  std::optional<uint32_t> vanish_after;
  uint32_t streamoff_delay_ms = 0;
  int open_error = 0; // errno
  bool is_canned = false;
  bool is_traced = false;
};

/** One per node. Ends the process with a sentence on stderr where it cannot understand. */
std::vector<Switches> parse_switches(const char *text);

} // namespace m2m
