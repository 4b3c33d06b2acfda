// The parts of the m2m library that need no device, as C functions for the tests.
#include "annex_b.h"
#include "error.h"
#include "result_matcher.h"

#include <cstring>
#include <memory>

struct Matcher {
  static CsiEncoderConfig config() {
    CsiEncoderConfig config = {};
    config.input.plane_count = 1;
    config.queue_frames_max = 256;
    return config;
  }
  explicit Matcher(uint32_t codec) : port(config(), CsiColour{}), wake(port.take_wake_fd()), matcher(port, codec) {}

  csi::EncoderPort port;
  csi::Fd wake;
  csi::ResultMatcher matcher;
};

extern "C" {

/** Writes the length-prefixed units and returns their byte count. picture: 1 has one, 3 and it is a key picture. */
CSI_API uint32_t parts_read_annex_b(const uint8_t *bytes, uint32_t byte_count, uint8_t *out, uint32_t *picture) {
  const csi::AccessUnit unit = csi::read_annex_b(bytes, byte_count);
  if (!unit.bytes.empty())
    std::memcpy(out, unit.bytes.data(), unit.bytes.size());
  *picture = (unit.has_picture ? 1 : 0) | (unit.is_key ? 2 : 0);
  return static_cast<uint32_t>(unit.bytes.size());
}

CSI_API Matcher *parts_matcher_create(uint32_t codec) {
  return new Matcher(codec);
}

CSI_API void parts_matcher_destroy(Matcher *matcher) {
  delete matcher;
}

/** A frame goes in; returns the time to go with it, µs. */
CSI_API int64_t parts_matcher_submit(Matcher *matcher, int64_t timestamp_ns) {
  static const uint8_t pixel = 0;
  CsiEncoderFrame frame = {};
  frame.plane[0] = reinterpret_cast<uintptr_t>(&pixel);
  frame.timestamp_ns = timestamp_ns;
  if (const int result = matcher->port.submit(frame))
    return result;
  matcher->port.next(&frame);
  matcher->port.released(timestamp_ns);
  return matcher->matcher.submitted(timestamp_ns);
}

CSI_API int parts_matcher_take(Matcher *matcher, int64_t time_us, const uint8_t *bytes, uint32_t byte_count,
                               uint32_t damaged) {
  return csi::guarded([&] {
    matcher->matcher.take(time_us, bytes, byte_count, damaged != 0);
    return 0;
  });
}

CSI_API void parts_matcher_complete(Matcher *matcher) {
  matcher->matcher.complete();
}

CSI_API void parts_matcher_skip_all(Matcher *matcher, uint32_t reason) {
  matcher->matcher.skip_all(static_cast<CsiSkipReason>(reason));
}

CSI_API int parts_matcher_event(Matcher *matcher, CsiEncoderEvent *out) {
  return matcher->port.take(out);
}

CSI_API int parts_matcher_read(Matcher *matcher, uint8_t *out, uint32_t capacity) {
  return matcher->port.read(out, capacity);
}
}
