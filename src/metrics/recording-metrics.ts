import { DROP_REASONS } from "../pipeline/frame-ledger.ts";
import { byLabel, counter, counters, gauge, type MetricDefinition } from "./metric-definition.ts";
import type { MetricsReport } from "./metrics-report.ts";

/** Of recordings: the one that goes on, and all since the start. */
export const RECORDING_METRICS: readonly MetricDefinition[] = [
  gauge("csi_camera_record_fps", "Frames per second that are written.", (r) => r.rates.record.actual),
  gauge("csi_camera_record_target_fps", "Frames per second to be recorded.", (r) => r.rates.record.target),
  counter("csi_camera_recordings_total", "Recordings that began.", (r) => r.since_start.recordings),
  counters("csi_camera_recording_failures_total", "Recordings that failed, or failed to begin.", ["code"], (r) =>
    byLabel("code", r.since_start.recording_failures),
  ),
  ...ledger(),
  counter(
    "csi_camera_encoder_restarts_total",
    "Encoders closed and opened again.",
    (r) => r.since_start.encoder_restarts,
  ),
  counter("csi_camera_written_bytes_total", "Encoded bytes on the disk.", (r) => r.since_start.written_bytes),
  gauge(
    "csi_camera_recording_duration_seconds",
    "Of the recording that goes on, else 0.",
    (r) => going(r)?.duration_s ?? 0,
  ),
  gauge("csi_camera_recording_file_bytes", "Its video, on the disk so far.", (r) => going(r)?.byte_count ?? 0),
  gauge("csi_camera_encoder_queue_frames", "Frames in the encoder.", (r) => going(r)?.queues.encoder_frames ?? 0),
  gauge(
    "csi_camera_disk_queue_bytes",
    "Encoded bytes that wait for the disk.",
    (r) => going(r)?.queues.disk_bytes ?? 0,
  ),
];

/** captured = recorded + skipped + dropped, but for those that are on their way. */
function ledger(): MetricDefinition[] {
  const name = (what: string): string => `csi_camera_recording_${what}_total`;
  return [
    counter(name("captured_frames"), "Captured while recording.", (r) => r.since_start.ledger.captured),
    counter(name("recorded_frames"), "On the disk.", (r) => r.since_start.ledger.recorded),
    counter(
      name("skipped_frames"),
      "Left out, as the record rate is below the camera's.",
      (r) => r.since_start.ledger.skipped_by_rate_gate,
    ),
    counters(name("dropped_frames"), "That should have been recorded and were not.", ["reason"], (r) =>
      byLabel("reason", {
        ...Object.fromEntries(DROP_REASONS.map((reason) => [reason, 0])),
        ...r.since_start.ledger.dropped,
      }),
    ),
    counter(name("sensor_gaps"), "Gaps of the sensor.", (r) => r.since_start.ledger.sensor_gaps.gaps),
    counter(
      name("sensor_missing_frames"),
      "Frames that the sensor lost in them.",
      (r) => r.since_start.ledger.sensor_gaps.missing_frames,
    ),
  ];
}

function going({ recording: last }: MetricsReport): MetricsReport["recording"] {
  return last === null || last.ended !== null ? null : last;
}
