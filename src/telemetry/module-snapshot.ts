import type { ModuleState } from "../module-state.ts";
import type { LedgerReport } from "../pipeline/frame-ledger.ts";

/**
 * What the module is doing, at one moment: for the viewer and for `/metrics/json`, as JSON. Rates are frames per second
 * over the last two seconds. Times of day are ISO 8601, UTC.
 */
export interface ModuleSnapshot {
  readonly at: string;
  /** Since the module said `ready`, seconds. */
  readonly uptime_s: number;
  readonly state: ModuleState;
  /** As `/health` tells it; `reason` is a sentence, null while all is well. */
  readonly health: { readonly ok: boolean; readonly reason: string | null };
  /** null while no camera is open. */
  readonly camera: CameraSnapshot | null;
  readonly rates: {
    /** Cap In/Max: frames that the camera gives, and what it was set to (null where that is not known). */
    readonly capture: { readonly actual: number; readonly max: number | null };
    /** Rec Out/Tgt: frames that are written; 0 while nothing is recorded. */
    readonly record: { readonly actual: number; readonly target: number };
    /** Disp/Tgt: previews that are made; 0 while nobody watches. */
    readonly display: { readonly actual: number; readonly target: number };
  };
  /** Sensor time from frame to frame since the last snapshot, ms, oldest first; at most 1,000. */
  readonly frame_intervals_ms: readonly number[];
  /** The recording that goes on; after its end the last one, with `ended`; null before the first. */
  readonly recording: RecordingSnapshot | null;
  /** Since the device was assigned, all recordings. */
  readonly totals: LedgerReport;
  readonly viewers: {
    readonly count: number;
    readonly previews_sent: number;
    /** Not sent, because a viewer was too slow. */
    readonly previews_dropped: number;
    /** Due while somebody watched, and never made: the recording needed the frames' buffers, or the machine is too slow. */
    readonly previews_left_out: number;
  };
  readonly process: {
    /** Resident memory, bytes. */
    readonly resident_bytes: number;
    /** Of one core, since the last snapshot: 1 is all of it. */
    readonly cpu: number;
    /** How late timers of 20 ms were since the last snapshot, ms. */
    readonly event_loop_delay_ms: { readonly mean: number; readonly max: number };
  };
}

export interface CameraSnapshot {
  readonly device_id: string;
  readonly camera_id: string;
  readonly model: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly pixel_format: string;
}

export interface RecordingSnapshot {
  readonly video_path: string;
  readonly trial_number: number;
  readonly trial_label: string;
  readonly started_at: string;
  /** From its first to its newest frame, by the sensor's clock, seconds. */
  readonly duration_s: number;
  /** Of the video, on the disk so far. */
  readonly byte_count: number;
  /** E.g. `libx264 core 164`. */
  readonly encoder: string;
  readonly encoder_reason: string;
  readonly zero_copy: boolean;
  readonly encoder_restarts: number;
  readonly ledger: LedgerReport;
  readonly queues: {
    /** Frames in the encoder. */
    readonly encoder_frames: number;
    /** Encoded bytes that wait for the disk. */
    readonly disk_bytes: number;
  };
  /** null while it goes on; else why it ended. */
  readonly ended: { readonly reason: string; readonly error: string | null } | null;
}
