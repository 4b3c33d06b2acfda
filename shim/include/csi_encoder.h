/* The one C ABI of all encoders. Each encoder library (m2m, x264, image) exports these same functions; the caller loads
 * the library it wants and talks to it in the same way.
 *
 * An encoder owns one thread. The caller submits frames and takes events; neither call waits or takes longer than a
 * few microseconds. When there are events for a caller that took the last one (csi_encoder_take() said -EAGAIN), one
 * byte is written to the wake-up socket, whose other end belongs to the caller; destroying the encoder closes it, so
 * the reader sees the end of the stream.
 *
 * Every submitted frame gets exactly one CSI_EVENT_RELEASED (its pixels are no longer read) and exactly one of
 * CSI_EVENT_PACKET or CSI_EVENT_SKIPPED, matched by timestamp. All calls for one encoder come from one thread.
 * Results are int: 0 or -errno. No exception leaves.
 *
 * A handle is a number, never an address, and is never given out twice. With NULL for an encoder or for what is to be
 * read or written, every call is -EINVAL; with a handle that this library did not give, or that was destroyed, -EBADF.
 */
#ifndef CSI_ENCODER_H
#define CSI_ENCODER_H

#include "csi_frame.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CSI_DEVICE_PATH_MAX 64
#define CSI_ENCODER_NAME_MAX 128

typedef struct CsiEncoder CsiEncoder; /* a handle: nothing lies there */

enum CsiCodec {
  CSI_CODEC_H264 = 0,
  CSI_CODEC_JPEG = 1,
  CSI_CODEC_FWHT = 2, /* what the kernel's test driver vicodec encodes to */
};

/* Where the frames to come lie, for encoders that read dmabufs without the CPU. */
typedef struct CsiFrameMemory {
  int32_t dmabuf_fd[CSI_PLANES_MAX];      /* behind the planes of one of the buffers, to try whether the encoder takes
                                             them; -1: frames do not lie in dmabufs. Duplicated by csi_encoder_create() */
  uint32_t buffer_count;                  /* buffers that frames come in; 0: not known */
  uint32_t dmabuf_offset[CSI_PLANES_MAX]; /* of each plane in its dmabuf, bytes; the same in all buffers */
} CsiFrameMemory;

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
  uint32_t queue_frames_max; /* frames whose pixels the encoder may hold at one time, 1..256: from a frame's submission
                                until its CSI_EVENT_RELEASED was taken. As many again may wait for their result alone,
                                so events are bounded as well */
  uint32_t codec;            /* enum CsiCodec: one that the library has */
  CsiFrameMemory memory;     /* m2m */
  char device[CSI_DEVICE_PATH_MAX]; /* m2m: the device node, NUL-terminated; empty: the first that fits */
} CsiEncoderConfig;

/* What an encoder turned out to be. */
typedef struct CsiEncoderInfo {
  CsiColour colour;   /* of what comes out: as in the H.264 stream's VUI; for JPEG full-range BT.601. RGB input has no
                         matrix of its own and leaves H.264 encoders as limited-range BT.601 */
  uint32_t zero_copy; /* 1: frames reach the encoder as dmabufs, untouched by the CPU */
  uint64_t copied_frames; /* frames that were copied into the encoder's own buffers, so far. Software encoders read
                             frames where they lie: 0 */
  char name[CSI_ENCODER_NAME_MAX]; /* NUL-terminated */
} CsiEncoderInfo;

#define CSI_FRAME_FORCE_KEY 1u

/* A borrowed picture: `plane` stays readable until the frame's CSI_EVENT_RELEASED was taken.
 * dmabuf_fd: the dmabuf behind each plane, or -1; where one is given, reads are bracketed with
 * DMA_BUF_IOCTL_SYNC (kernel: Documentation/driver-api/dma-buf.rst). */
typedef struct CsiEncoderFrame {
  uint64_t plane[CSI_PLANES_MAX]; /* addresses */
  int32_t dmabuf_fd[CSI_PLANES_MAX];
  uint32_t dmabuf_offset[CSI_PLANES_MAX]; /* of each plane in its dmabuf, bytes */
  uint32_t flags;                         /* CSI_FRAME_… */
  int64_t timestamp_ns;                   /* strictly increasing; comes back with the packet */
} CsiEncoderFrame;

enum CsiEventKind {
  CSI_EVENT_RELEASED = 1,
  CSI_EVENT_PACKET = 2,    /* byte_count bytes wait for csi_encoder_read() */
  CSI_EVENT_SKIPPED = 3,   /* the encoder made nothing of this frame; `flags` is an enum CsiSkipReason */
  CSI_EVENT_DRAINED = 4,   /* everything submitted before csi_encoder_drain() has had its events */
  CSI_EVENT_FAILED = 5,    /* the encoder is dead; csi_encoder_error() says why. Frames still held are released and
                              skipped first. The last event, also where CSI_EVENT_DRAINED was to come */
  CSI_EVENT_OPENED = 6,    /* the codec is open: the first event, unless it is CSI_EVENT_FAILED */
  CSI_EVENT_RESTARTED = 7, /* the codec had to be closed and opened again; the frames that it held were skipped first,
                              the next packet is a key frame. byte_count bytes wait for csi_encoder_read(): a sentence
                              that says why */
};

enum CsiSkipReason {
  CSI_SKIP_SWALLOWED = 0, /* the encoder gave nothing for it */
  CSI_SKIP_DAMAGED = 1,   /* what it gave is damaged, or needs a damaged picture to be decoded */
  CSI_SKIP_STALLED = 2,   /* it was in an encoder that gave nothing at all any more */
  CSI_SKIP_LOST = 3,      /* it was in an encoder that failed */
};

#define CSI_PACKET_KEY 1u

typedef struct CsiEncoderEvent {
  uint32_t kind;  /* enum CsiEventKind */
  uint32_t flags; /* CSI_PACKET_… or enum CsiSkipReason */
  int64_t timestamp_ns;
  uint32_t byte_count;
  int32_t result; /* CSI_EVENT_FAILED: -errno; -ENOENT there is no such encoder */
} CsiEncoderEvent;

/* Sizes in bytes of CsiEncoderConfig (0), CsiEncoderFrame (1), CsiEncoderEvent (2), CsiEncoderInfo (3); 0 for any other
 * `which`. */
CSI_API uint32_t csi_encoder_struct_size(uint32_t which);

/* Name and version of the library's encoder, e.g. "libx264 core 164"; static. */
CSI_API const char *csi_encoder_name(void);

/* Begins an encoder: the config is checked here, the codec opens on the encoder's thread (it takes milliseconds) and
 * frames may be submitted meanwhile. CSI_EVENT_OPENED or CSI_EVENT_FAILED follows. On success *out is set and *wake_fd
 * is the caller's end of the socket (O_NONBLOCK | O_CLOEXEC), which it must close. On failure a sentence is written to
 * `error` (NUL-terminated, cut at error_size). -EINVAL: a field of the config is out of range; -ENOTSUP: the encoder
 * cannot do this format; -ENOMEM, -EMFILE. */
CSI_API int csi_encoder_create(const CsiEncoderConfig *config, CsiEncoder **out, int *wake_fd, char *error,
                               uint32_t error_size);

/* What the encoder is; complete from CSI_EVENT_OPENED on, and new after CSI_EVENT_RESTARTED. */
CSI_API int csi_encoder_info(CsiEncoder *encoder, CsiEncoderInfo *out);

/* Queues a frame. -EAGAIN: as many frames as may be are in the encoder; -EINVAL: timestamp not increasing, or a plane
 * missing; -EPIPE: draining or failed. On any error the frame is not taken and gets no event. */
CSI_API int csi_encoder_submit(CsiEncoder *encoder, const CsiEncoderFrame *frame);

/* Finish all that was submitted, then send CSI_EVENT_DRAINED. No frame may be submitted afterwards. Calling it again
 * does nothing. */
CSI_API int csi_encoder_drain(CsiEncoder *encoder);

/* Takes the oldest event. -EAGAIN when there is none: the next one wakes. */
CSI_API int csi_encoder_take(CsiEncoder *encoder, CsiEncoderEvent *out);

/* Copies the bytes that came with the event of the last csi_encoder_take(). H.264: NAL units, each after its length
 * in 4 bytes big endian (ISO/IEC 14496-15), parameter sets included with the first picture at the latest.
 * JPEG: one JFIF image.
 * -EINVAL: that event came without bytes; -ENOSPC: capacity is below its byte_count. */
CSI_API int csi_encoder_read(CsiEncoder *encoder, uint8_t *destination, uint32_t capacity);

/* Why the encoder failed; empty when it has not, or when there is no such encoder. Valid until destroyed. */
CSI_API const char *csi_encoder_error(CsiEncoder *encoder);

/* Stops the thread (after the frame in work, if any), drops what was not taken, closes the wake-up socket. All frames
 * are released when it returns. NULL does nothing: 0. */
CSI_API int csi_encoder_destroy(CsiEncoder *encoder);

#ifdef __cplusplus
}
#endif
#endif
