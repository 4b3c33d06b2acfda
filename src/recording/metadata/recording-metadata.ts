import { z } from "zod";
import type { LedgerReport } from "../../pipeline/frame-ledger.ts";

/** Nanoseconds as text: a JSON number would lose them beyond 2^53 (104 days). */
const Nanoseconds = z.string().regex(/^\d{1,20}$/);
const Count = z.number().int().min(0);
const Rate = z.number().min(0);

/** The clocks when a captured frame reached us: of any two, the difference is their offset. */
const ClockReading = z.object({
  /** The sensor's own timestamp of that frame: the start of its exposure, which lies before the other three. */
  sensor_timestamp_ns: Nanoseconds,
  /** CLOCK_MONOTONIC. */
  monotonic_ns: Nanoseconds,
  /**
   * CLOCK_BOOTTIME: sensors count by this one or by CLOCK_MONOTONIC; the two differ by the time spent suspended, which was
   * measured when this was written first, and is right to about a microsecond.
   */
  boottime_ns: Nanoseconds,
  /** CLOCK_REALTIME, since 1970. */
  realtime_ns: Nanoseconds,
});
export type ClockReading = z.infer<typeof ClockReading>;

const Ledger = z.object({
  captured: Count,
  recorded: Count,
  skipped_by_rate_gate: Count,
  dropped: z.record(z.string(), Count),
  sensor_gaps: z.object({ gaps: Count, missing_frames: Count }),
}) satisfies z.ZodType<LedgerReport>;

/**
 * What a recording says of itself: `…_recording.json` beside the video, and the same in a `uuid` box of its movie box.
 * Written twice: with the first pictures, when the end is not known (`end` is null), and when the recording has ended.
 * Readers ignore keys that they don't know; `format_version` grows when a key changes its meaning.
 */
export const RecordingMetadata = z.object({
  format_version: z.literal(1),
  /** Of this module and what it runs on; `libcamera` is null where frames come from elsewhere. */
  versions: z.object({
    csi_camera: z.string(),
    bun: z.string(),
    mp4box: z.string(),
    libcamera: z.string().nullable(),
  }),
  camera: z.object({
    /** As the host assigned it. */
    device_id: z.string(),
    /** Stable across reboots where the hardware has such an id. */
    camera_id: z.string(),
    /** The sensor's name. */
    model: z.string(),
    /** Its name in the paths. */
    label: z.string(),
  }),
  trial: z.object({ number: z.number().int().min(1), label: z.string(), session_dir: z.string() }),
  /** Names without their folder. `drops`: null where there was none when this was written. */
  files: z.object({ video: z.string(), timing: z.string(), drops: z.string().nullable() }),
  video: z.object({
    /** Pixels. */
    width: z.number().int().min(1),
    height: z.number().int().min(1),
    codec: z.enum(["h264", "mjpeg"]),
    /** How the camera gave the pixels: e.g. `YUV420`. */
    pixel_format: z.string(),
    /** Code points of ITU-T H.273, as the video has them. */
    colour: z.object({ primaries: Count, transfer: Count, matrix: Count, full_range: z.boolean() }),
  }),
  /** As it is when this is written: one that was restarted may copy from then on. */
  encoder: z.object({
    /** E.g. `libx264 core 164`; with the device's path where it is one. */
    name: z.string(),
    /** Why it was this one. */
    reason: z.string(),
    /** Frames reach it without being copied by the CPU. */
    zero_copy: z.boolean(),
    /** bit/s; null for MJPEG. */
    bitrate: z.number().int().min(1).nullable(),
    /** 1..100; null for H.264. */
    jpeg_quality: z.number().int().min(1).max(100).nullable(),
  }),
  /**
   * Frames per second, to a millionth. Measured ones are over the whole recording, by the sensor's clock; null until it
   * ended, and where it has fewer than two frames to measure by.
   */
  rates: z.object({
    /** As configured; the record rate where nothing else was. */
    capture_requested: Rate,
    /** What the camera was set to, or the file that is played has; null where that is not known. */
    capture_set: Rate.nullable(),
    /** (captured of `end.ledger` − 1) / (`clocks.stop` − `clocks.start`), by `sensor_timestamp_ns`. */
    capture_measured: Rate.nullable(),
    record_requested: Rate,
    /** (recorded of `end.ledger` − 1) / (the last row's `sensor_timestamp_ns` − the first one's). */
    record_measured: Rate.nullable(),
  }),
  /**
   * At the first and at the last frame that was captured whole and in time, whether it was recorded or not; `stop` is null
   * until the recording ended.
   */
  clocks: z.object({ start: ClockReading, stop: ClockReading.nullable() }),
  /** The command that began the recording. */
  start_command_id: z.string().nullable(),
  /** Null in what was written at the beginning: there the recording was going on, or was broken off. */
  end: z
    .object({
      /** `stop_recording` or `stop_session` where that ended it in order, else the `reason` of `recording_stopped`. */
      reason: z.string(),
      /** The command that ended it, if one did: one of these two, `unassign_device` or `quit`. */
      command_id: z.string().nullable(),
      /** What failed, as a sentence. */
      error: z.string().nullable(),
      ledger: Ledger,
      /** Dropped frames that the list of drops could not take. */
      unwritten_drops: Count,
      /** How often somebody set the wall clock, and how far in all (back is negative). */
      wall_clock_steps: z.object({ count: Count, total_ms: z.number() }),
    })
    .nullable(),
});
export type RecordingMetadata = z.infer<typeof RecordingMetadata>;
