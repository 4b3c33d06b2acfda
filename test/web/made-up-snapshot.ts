import type { LedgerReport } from "../../src/pipeline/frame-ledger.ts";
import type { CameraSnapshot, ModuleSnapshot, RecordingSnapshot } from "../../src/telemetry/module-snapshot.ts";

/** Snapshots as a module would send them, with what a test wants different. */

export const CAMERA: CameraSnapshot = {
  device_id: "picam:0",
  camera_id: "/base/soc/i2c0mux/i2c@1/imx296@1a",
  model: "imx296",
  width: 1456,
  height: 1088,
  pixel_format: "YUV420",
};

export function ledger(changes: Partial<LedgerReport> = {}): LedgerReport {
  return {
    captured: 22_912,
    recorded: 22_911,
    skipped_by_rate_gate: 0,
    dropped: {},
    sensor_gaps: { gaps: 0, missing_frames: 0 },
    ...changes,
  };
}

export function recording(changes: Partial<RecordingSnapshot> = {}): RecordingSnapshot {
  return {
    video_path:
      "/data/session_20260106_143000/CSICameras/imx296_picam_0/20260106_143000_CSI_trial003_imx296_picam_0.mp4",
    trial_number: 3,
    trial_label: "left turn, wet",
    started_at: "2026-01-06T14:30:52.120Z",
    duration_s: 763.7,
    byte_count: 761_204_551,
    encoder: "libx264 core 164",
    encoder_reason: "software: this machine has no V4L2 encoder",
    zero_copy: false,
    encoder_restarts: 0,
    ledger: ledger(),
    queues: { encoder_frames: 1, disk_bytes: 48_200 },
    ended: null,
    ...changes,
  };
}

export function snapshot(changes: Partial<ModuleSnapshot> = {}): ModuleSnapshot {
  return {
    at: new Date().toISOString(),
    uptime_s: 3754,
    state: "streaming",
    health: { ok: true, reason: null },
    camera: CAMERA,
    rates: {
      capture: { actual: 30, max: 30 },
      record: { actual: 0, target: 30 },
      display: { actual: 5, target: 5 },
    },
    frame_intervals_ms: [],
    recording: null,
    totals: ledger({ captured: 45_730, recorded: 45_729 }),
    viewers: { count: 1, previews_sent: 3812, previews_dropped: 0, previews_left_out: 0 },
    process: { resident_bytes: 148_000_000, cpu: 0.31, event_loop_delay_ms: { mean: 0.4, max: 3.1 } },
    ...changes,
  };
}

/** While it records; `changes` of the recording. */
export function recordingSnapshot(
  changes: Partial<RecordingSnapshot> = {},
  more: Partial<ModuleSnapshot> = {},
): ModuleSnapshot {
  const rates: ModuleSnapshot["rates"] = {
    capture: { actual: 29.98, max: 30 },
    record: { actual: 29.98, target: 30 },
    display: { actual: 5, target: 5 },
  };
  return snapshot({ state: "recording", rates, recording: recording(changes), ...more });
}
