/* The one C ABI of all encoders. Each encoder library (x264, image) exports these same functions; the caller loads
 * the library it wants and talks to it in the same way.
 *
 * An encoder owns one thread. The caller submits frames and takes events; neither call waits or takes longer than a
 * few microseconds. After each event one byte is written to the wake-up pipe, whose read end belongs to the caller;
 * destroying the encoder closes the write end, so the reader sees the end of the stream.
 *
 * Every submitted frame gets exactly one CSI_EVENT_RELEASED (its pixels are no longer read) and exactly one of
 * CSI_EVENT_PACKET or CSI_EVENT_SKIPPED, matched by timestamp. All calls for one encoder come from one thread.
 * Results are int: 0 or -errno. No exception leaves. */
#ifndef CSI_ENCODER_H
#define CSI_ENCODER_H

#include "csi_frame.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct CsiEncoder CsiEncoder;

typedef struct CsiEncoderConfig {
  CsiLayout input;
  uint32_t output_width; /* equal to the input's size, or smaller where the encoder scales (image) */
  uint32_t output_height;
  uint32_t rate_numerator; /* nominal frames per second, for rate control: numerator / denominator */
  uint32_t rate_denominator;
  uint32_t bitrate;             /* bit/s (H.264) */
  uint32_t key_interval_frames; /* at most this many frames from one key frame to the next (H.264) */
  uint32_t level_idc;           /* H.264 level times ten, as in the SPS: 42 is level 4.2 */
  uint32_t quality;             /* JPEG, 1..100 */
  uint32_t threads;             /* encoder threads; 0: as many as the encoder thinks best */
  uint32_t queue_frames_max;    /* frames that may be in the encoder at one time, 1..256: a frame is in it from its
                                   submission until both of its events were taken, so events are bounded as well */
} CsiEncoderConfig;

#define CSI_FRAME_FORCE_KEY 1u

/* A borrowed picture: `plane` stays readable until the frame's CSI_EVENT_RELEASED was taken.
 * dmabuf_fd: the dmabuf behind each plane, or -1; where one is given, reads are bracketed with
 * DMA_BUF_IOCTL_SYNC (kernel: Documentation/driver-api/dma-buf.rst). */
typedef struct CsiEncoderFrame {
  uint64_t plane[CSI_PLANES_MAX]; /* addresses */
  int32_t dmabuf_fd[CSI_PLANES_MAX];
  uint32_t flags;       /* CSI_FRAME_… */
  int64_t timestamp_ns; /* strictly increasing; comes back with the packet */
} CsiEncoderFrame;

enum CsiEventKind {
  CSI_EVENT_RELEASED = 1,
  CSI_EVENT_PACKET = 2,  /* byte_count bytes wait for csi_encoder_read() */
  CSI_EVENT_SKIPPED = 3, /* the encoder made nothing of this frame */
  CSI_EVENT_DRAINED = 4, /* everything submitted before csi_encoder_drain() has had its events */
  CSI_EVENT_FAILED = 5,  /* the encoder is dead; csi_encoder_error() says why. Frames still held are released and
                            skipped first. The last event, also where CSI_EVENT_DRAINED was to come */
  CSI_EVENT_OPENED = 6,  /* the codec is open: the first event, unless it is CSI_EVENT_FAILED */
};

#define CSI_PACKET_KEY 1u

typedef struct CsiEncoderEvent {
  uint32_t kind;  /* enum CsiEventKind */
  uint32_t flags; /* CSI_PACKET_… */
  int64_t timestamp_ns;
  uint32_t byte_count;
  uint32_t reserved;
} CsiEncoderEvent;

/* Sizes in bytes of CsiEncoderConfig (0), CsiEncoderFrame (1), CsiEncoderEvent (2), CsiLayout (3); 0 for any other
 * `which`. */
CSI_API uint32_t csi_encoder_struct_size(uint32_t which);

/* Name and version of the encoder, e.g. "libx264 core 164"; static. */
CSI_API const char *csi_encoder_name(void);

/* Begins an encoder: the config is checked here, the codec opens on the encoder's thread (it takes milliseconds) and
 * frames may be submitted meanwhile. CSI_EVENT_OPENED or CSI_EVENT_FAILED follows. On success *out is set and *wake_fd
 * is the read end (O_NONBLOCK | O_CLOEXEC) that the caller must close. On failure a sentence is written to `error`
 * (NUL-terminated, cut at error_size). -EINVAL: a field of the config is out of range; -ENOTSUP: the encoder cannot do
 * this format; -ENOMEM, -EMFILE. */
CSI_API int csi_encoder_create(const CsiEncoderConfig *config, CsiEncoder **out, int *wake_fd, char *error,
                               uint32_t error_size);

/* The colour of what comes out: as in the H.264 stream's VUI; for JPEG full-range BT.601. RGB input has no matrix of
 * its own and leaves H.264 encoders as limited-range BT.601. */
CSI_API int csi_encoder_colour(CsiEncoder *encoder, CsiColour *out);

/* Queues a frame. -EAGAIN: queue_frames_max frames are in the encoder; -EINVAL: timestamp not increasing, or a plane
 * missing; -EPIPE: draining or failed. On any error the frame is not taken and gets no event. */
CSI_API int csi_encoder_submit(CsiEncoder *encoder, const CsiEncoderFrame *frame);

/* Finish all that was submitted, then send CSI_EVENT_DRAINED. No frame may be submitted afterwards. Calling it again
 * does nothing. */
CSI_API int csi_encoder_drain(CsiEncoder *encoder);

/* Takes the oldest event. -EAGAIN when there is none. */
CSI_API int csi_encoder_take(CsiEncoder *encoder, CsiEncoderEvent *out);

/* Copies the bytes of the packet that the last csi_encoder_take() returned. H.264: NAL units, each after its length
 * in 4 bytes big endian (ISO/IEC 14496-15), parameter sets included with each key frame. JPEG: one JFIF image.
 * -EINVAL: that event was no packet; -ENOSPC: capacity is below its byte_count. */
CSI_API int csi_encoder_read(CsiEncoder *encoder, uint8_t *destination, uint32_t capacity);

/* Why the encoder failed; empty when it has not. Valid until destroyed. */
CSI_API const char *csi_encoder_error(CsiEncoder *encoder);

/* Stops the thread (after the frame in work, if any), drops what was not taken, closes the wake-up pipe. All frames
 * are released when it returns. NULL does nothing. */
CSI_API void csi_encoder_destroy(CsiEncoder *encoder);

#ifdef __cplusplus
}
#endif
#endif
