// What every encoder of the floor is given.
#pragma once

#include <cstdint>

struct Job {
  int width;
  int height;
  int stride; // luma; chroma has half of it
  uint32_t frames_per_second;
  uint32_t bitrate;   // H.264
  uint32_t level_idc; // H.264
  int quality;        // JPEG
  uint32_t threads;   // H.264; 0: as many as x264 thinks best
};

/** One picture, where it lies. */
struct Planes {
  uint8_t *plane[3];
  int stride[3];
};

/** What an encoder made of one picture; valid until the next one. */
struct Bytes {
  const uint8_t *data;
  unsigned long count;
};
