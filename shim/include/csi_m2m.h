/* What the m2m library knows beside csi_encoder.h: which V4L2 memory-to-memory encoders this machine has. */
#ifndef CSI_M2M_H
#define CSI_M2M_H

#include "csi_encoder.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One encoder node. Texts are NUL-terminated and cut where they do not fit. */
typedef struct CsiM2mNode {
  char path[CSI_DEVICE_PATH_MAX]; /* /dev/video11 */
  char driver[16];                /* VIDIOC_QUERYCAP */
  char card[32];
  uint32_t codecs;      /* bit 1 << enum CsiCodec for each that it encodes to */
  uint32_t multiplanar; /* 1: it speaks the multi-planar API */
  uint32_t width_min;   /* pixels, of the pictures that go in; all 0 where the driver does not tell */
  uint32_t width_max;
  uint32_t width_step;
  uint32_t height_min;
  uint32_t height_max;
  uint32_t height_step;
  int32_t result;         /* -errno where the node could not be looked at (-EACCES, -EBUSY): only `path` is told then */
  char coded_formats[64]; /* four-character codes with a blank between */
  char raw_formats[256];  /* the same, what goes in */
  char controls[4096];    /* one line each: name, range and default */
} CsiM2mNode;

/* Size in bytes of CsiM2mNode (0); 0 for any other `which`. */
CSI_API uint32_t csi_m2m_struct_size(uint32_t which);

/* Lists the encoder nodes, and those video nodes that may be one and can't be looked at, sorted by path. Opens and
 * closes each /dev/video*: only for one-shot programs. Returns how many there are (at most `capacity` are written) or
 * -errno. */
CSI_API int csi_m2m_list(CsiM2mNode *out, uint32_t capacity);

#ifdef __cplusplus
}
#endif
#endif
