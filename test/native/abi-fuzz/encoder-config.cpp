#include "encoder-config.h"

#include <algorithm>
#include <cstring>

namespace {

uint32_t any_number(Random &random) {
  const uint32_t power = uint32_t{1} << random.below(32);
  return random.one_of<uint32_t>({0, 1, 2, 3, power, power - 1, ~power, static_cast<uint32_t>(random.number())});
}

} // namespace

CsiEncoderConfig sound_config(uint32_t codec, Random &random) {
  CsiEncoderConfig config = {};
  const uint32_t width = 16 * static_cast<uint32_t>(1 + random.below(12));
  const uint32_t row_bytes[][CSI_PLANES_MAX] = {
      {width, width / 2, width / 2}, {width, width, 0}, {3 * width, 0, 0}, {3 * width, 0, 0}, {2 * width, 0, 0}};
  config.input.width = width;
  config.input.height = 16 * static_cast<uint32_t>(1 + random.below(8));
  config.input.pixel_format = static_cast<uint32_t>(random.below(5));
  config.input.plane_count = config.input.pixel_format == CSI_PIXEL_YUV420 ? 3
                             : config.input.pixel_format == CSI_PIXEL_NV12 ? 2
                                                                           : 1;
  for (uint32_t i = 0; i < config.input.plane_count; ++i)
    config.input.stride[i] = row_bytes[config.input.pixel_format][i] + 32 * static_cast<uint32_t>(random.below(3));
  config.input.colour = {1, 13, 6, 1}; // JFIF's own: hardware that encodes to JPEG takes no other
  config.output_width = config.input.width;
  config.output_height = config.input.height;
  config.rate_numerator = 30;
  config.rate_denominator = 1;
  config.bitrate = 2'000'000;
  config.key_interval_frames = 30;
  config.level_idc = 42;
  config.quality = 85;
  config.threads = static_cast<uint32_t>(random.below(3));
  config.queue_frames_max = 1 + static_cast<uint32_t>(random.below(4));
  config.codec = codec;
  for (int32_t &fd : config.memory.dmabuf_fd)
    fd = -1;
  return config;
}

void spoil(CsiEncoderConfig &config, Random &random) {
  uint32_t *const fields[] = {&config.input.pixel_format,
                              &config.input.plane_count,
                              &config.input.stride[0],
                              &config.input.stride[1],
                              &config.input.stride[2],
                              &config.output_width,
                              &config.output_height,
                              &config.rate_numerator,
                              &config.rate_denominator,
                              &config.bitrate,
                              &config.key_interval_frames,
                              &config.level_idc,
                              &config.quality,
                              &config.threads,
                              &config.queue_frames_max,
                              &config.codec,
                              &config.memory.buffer_count,
                              &config.memory.dmabuf_offset[0]};
  for (uint64_t count = 1 + random.below(3); count > 0; --count) {
    switch (random.below(8)) {
    case 0: // not 16384, which is allowed
      config.input.width = random.one_of<uint32_t>({0, 1, 2, 15, 17, 222, 16'385, 1u << 31, UINT32_MAX});
      break;
    case 1:
      config.input.height = random.one_of<uint32_t>({0, 1, 2, 15, 17, 222, 16'385, 1u << 31, UINT32_MAX});
      break;
    case 2:
      std::memset(config.device, random.one_in(2) ? 'x' : '\0', sizeof config.device);
      break;
    case 3:
      config.memory.dmabuf_fd[random.below(CSI_PLANES_MAX)] = static_cast<int32_t>(any_number(random));
      break;
    case 4: {
      const auto code = static_cast<uint8_t>(random.number());
      config.input.colour = {code, code, static_cast<uint8_t>(random.number()), static_cast<uint8_t>(random.number())};
      break;
    }
    default:
      *fields[random.below(std::size(fields))] = any_number(random);
    }
  }
}

uint64_t plane_bytes_max(const CsiLayout &layout) {
  return uint64_t{*std::max_element(layout.stride, layout.stride + CSI_PLANES_MAX)} * (uint64_t{layout.height} + 1);
}
