/* Shapes shared by every library of the shim: how pixels lie in memory and what their numbers mean.
 * Plain C, so that each library's ABI can be read (and bound) without C++. */
#ifndef CSI_FRAME_H
#define CSI_FRAME_H

#include <stdint.h>

/* Every function of the ABI; all else in the libraries is hidden. */
#define CSI_API __attribute__((visibility("default")))

#define CSI_PLANES_MAX 3

/* Pixel layouts, named as libcamera and DRM name them (drm_fourcc.h): RGB888 lies in memory as B, G, R. */
enum CsiPixelFormat {
  CSI_PIXEL_YUV420 = 0, /* 3 planes: Y, U, V; chroma halved both ways */
  CSI_PIXEL_NV12 = 1,   /* 2 planes: Y, interleaved U and V */
  CSI_PIXEL_RGB888 = 2, /* 1 plane, 3 bytes a pixel in memory order B, G, R */
  CSI_PIXEL_BGR888 = 3, /* 1 plane, 3 bytes a pixel in memory order R, G, B */
  CSI_PIXEL_YUYV = 4,   /* 1 plane, 2 bytes a pixel: Y0 U Y1 V */
};

/* Colour as code points of ITU-T H.273 (the same numbers as in the H.264 VUI and MP4's `colr nclx`):
 * 1 = BT.709, 6 = SMPTE 170M / BT.601, 5 = BT.470BG, 9 = BT.2020, 13 = sRGB transfer, 2 = unspecified. */
typedef struct CsiColour {
  uint8_t primaries;
  uint8_t transfer;
  uint8_t matrix;
  uint8_t full_range; /* 0: 16..235, 1: 0..255 */
} CsiColour;

/* A picture's layout. stride: bytes from one row of a plane to the next; 0 for planes that do not exist. */
typedef struct CsiLayout {
  uint32_t width;        /* visible pixels */
  uint32_t height;       /* visible rows */
  uint32_t pixel_format; /* enum CsiPixelFormat */
  uint32_t plane_count;
  uint32_t stride[CSI_PLANES_MAX];
  CsiColour colour;
} CsiLayout;

#endif
