/* The camera library's C ABI: one libcamera camera, opened, streamed and closed on a thread of its own.
 *
 * No call waits for the camera. Opening and closing take seconds on some boards: they are asked for here and answered
 * by an event. After each event (frames too) one byte is written to the wake-up socket, whose other end belongs to the
 * caller. libcamera's own thread only reads three clocks, pushes one record into a bounded lock-free ring and writes
 * that byte. All calls for one camera come from one thread. Results are int: 0 or -errno. No exception leaves.
 *
 * A handle is a number, never an address, and is never given out twice. With NULL for a camera or for what is to be
 * read or written, every call is -EINVAL; with a handle that this library did not give, or that was destroyed, -EBADF.
 */
#ifndef CSI_CAMERA_H
#define CSI_CAMERA_H

#include "csi_frame.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CSI_BUFFERS_MAX 16
#define CSI_CAMERA_TEXT_MAX 256

typedef struct CsiCamera CsiCamera; /* a handle: nothing lies there */

typedef struct CsiCameraConfig {
  char camera_id[CSI_CAMERA_TEXT_MAX]; /* libcamera id, NUL-terminated; empty: choose by index */
  uint32_t camera_index;               /* in the list sorted by id */
  uint32_t width;                      /* 0: the sensor's native size */
  uint32_t height;
  uint32_t buffer_count; /* asked for, at most CSI_BUFFERS_MAX; the camera may give others. 0: leave to the camera */
  int64_t frame_duration_us; /* given as both FrameDurationLimits where the camera has that control; 0: leave alone */
  CsiColour colour;          /* asked for; the camera may adjust it. primaries 0: leave to the camera */
  uint32_t reserved;
} CsiCameraConfig;

/* What the camera agreed to; valid from CSI_CAMERA_OPENED on. */
typedef struct CsiCameraStream {
  CsiLayout layout;
  uint32_t buffer_count;
  int64_t frame_duration_us; /* what was set; 0: the camera has no such control */
  char camera_id[CSI_CAMERA_TEXT_MAX];
  char model[CSI_CAMERA_TEXT_MAX];
} CsiCameraStream;

/* One buffer's planes; mapped for reading, and its descriptors open, until csi_camera_destroy(). */
typedef struct CsiCameraBuffer {
  uint64_t plane[CSI_PLANES_MAX]; /* addresses */
  uint64_t plane_bytes[CSI_PLANES_MAX];
  int32_t dmabuf_fd[CSI_PLANES_MAX];      /* borrowed; -1 for planes that do not exist */
  uint32_t dmabuf_offset[CSI_PLANES_MAX]; /* of the plane inside its dmabuf, bytes */
} CsiCameraBuffer;

enum CsiCameraEventKind {
  CSI_CAMERA_OPENED = 1,    /* configured and started; csi_camera_stream() and csi_camera_buffer() answer now */
  CSI_CAMERA_FRAME = 2,     /* a buffer to be given back with csi_camera_release() */
  CSI_CAMERA_BAD_FRAME = 3, /* a request that ended without a good frame (error, startup, cancelled); it goes back to
                               the camera by itself */
  CSI_CAMERA_LOST = 4,      /* no more frames: -ENODEV it was unplugged, -EIO it cancels every request */
  CSI_CAMERA_FAILED = 5,    /* could not be opened; csi_camera_error() and `result` say why */
  CSI_CAMERA_CLOSED = 6,    /* the last event; the handle may be destroyed */
};

typedef struct CsiCameraEvent {
  uint32_t kind;     /* enum CsiCameraEventKind */
  int32_t result;    /* CSI_CAMERA_FAILED and CSI_CAMERA_LOST: -errno; -ENODEV no such camera, -EBUSY held by another
                        process, -ENOTSUP no usable format */
  uint32_t buffer;   /* index for csi_camera_buffer() and csi_camera_release() */
  uint32_t sequence; /* the buffer's sequence number as libcamera gives it */
  int64_t sensor_timestamp_ns; /* metadata SensorTimestamp: start of exposure of the first row. The buffer's own
                                  timestamp where the camera sets none */
  int64_t monotonic_ns;        /* CLOCK_MONOTONIC when the request completed */
  int64_t realtime_ns;         /* CLOCK_REALTIME at the same moment */
  int64_t frame_duration_ns;   /* metadata FrameDuration; 0: not given */
} CsiCameraEvent;

/* Sizes in bytes of CsiCameraConfig (0), CsiCameraStream (1), CsiCameraBuffer (2), CsiCameraEvent (3), CsiCameraInfo
 * (4), CsiLayout (5); 0 for any other `which`. */
CSI_API uint32_t csi_camera_struct_size(uint32_t which);

/* libcamera's version: that of the headers it was built with, and that of the library which runs. Static. */
CSI_API const char *csi_camera_build_version(void);
CSI_API const char *csi_camera_runtime_version(void);

/* 0, or -ELIBBAD: the libcamera that runs has another binary interface than that of the build. Listing and opening
 * cameras give the same then. */
CSI_API int csi_camera_check_version(void);

typedef struct CsiCameraInfo {
  char id[CSI_CAMERA_TEXT_MAX];
  char model[CSI_CAMERA_TEXT_MAX];
  uint32_t native_width;
  uint32_t native_height;
} CsiCameraInfo;

/* Lists the cameras that are not USB, sorted by id. Waits for libcamera to start: only for one-shot programs, and
 * only while no camera is open (-EBUSY). Returns how many there are (at most `capacity` are written) or -errno. */
CSI_API int csi_camera_list(CsiCameraInfo *out, uint32_t capacity);

/* Begins to open a camera: CSI_CAMERA_OPENED or CSI_CAMERA_FAILED follows. *wake_fd is its end of the socket
 * (O_NONBLOCK | O_CLOEXEC), which the caller must close. One camera at a time in a process, from this call until
 * CSI_CAMERA_CLOSED: -EBUSY. -EINVAL: a field of the config is out of range. */
CSI_API int csi_camera_open(const CsiCameraConfig *config, CsiCamera **out, int *wake_fd);

/* Takes the oldest event. -EAGAIN when there is none. */
CSI_API int csi_camera_take(CsiCamera *camera, CsiCameraEvent *out);

/* -EAGAIN before CSI_CAMERA_OPENED; -EINVAL for an index that does not exist. */
CSI_API int csi_camera_stream(CsiCamera *camera, CsiCameraStream *out);
CSI_API int csi_camera_buffer(CsiCamera *camera, uint32_t index, CsiCameraBuffer *out);

/* Gives a buffer back to the camera. -EINVAL: that buffer is not out. Allowed, and harmless, while closing. */
CSI_API int csi_camera_release(CsiCamera *camera, uint32_t index);

/* Frames that never became an event because the ring was full (they went straight back to the camera). 0 where there is
 * no such camera. */
CSI_API uint64_t csi_camera_overflow_count(CsiCamera *camera);

/* Why opening failed or the camera was lost; empty when neither happened, or when there is no such camera. Valid until
 * destroyed. */
CSI_API const char *csi_camera_error(CsiCamera *camera);

/* Begins to stop and close: CSI_CAMERA_CLOSED follows. Works in every state, also while opening. Buffers stay mapped
 * until csi_camera_destroy(). Calling it again does nothing. */
CSI_API int csi_camera_close(CsiCamera *camera);

/* Frees the handle and closes the socket. Must follow CSI_CAMERA_CLOSED (-EBUSY before it) and the release of all
 * frames' readers. NULL does nothing: 0. */
CSI_API int csi_camera_destroy(CsiCamera *camera);

#ifdef __cplusplus
}
#endif
#endif
