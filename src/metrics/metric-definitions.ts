import { DROP_REASONS } from "../pipeline/frame-ledger.ts";
import type { HistogramReport } from "../telemetry/histogram.ts";
import type { ModuleState } from "../telemetry/module-snapshot.ts";
import { processorMs } from "../telemetry/processor-share.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import { MP4BOX_VERSION, VERSION } from "../version.ts";
import type { MetricsReport } from "./metrics-report.ts";

export type Labels = Readonly<Record<string, string>>;

/** One number, or one for each set of labels. Labels have few values: never names, paths or sentences of others. */
export interface MetricDefinition {
  readonly kind: "counter" | "gauge";
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly read: (report: MetricsReport) => readonly (readonly [Labels, number])[];
}

export interface HistogramDefinition {
  readonly name: string;
  readonly help: string;
  readonly read: (telemetry: Telemetry) => HistogramReport;
}

const STATES: Readonly<Record<ModuleState, true>> = {
  starting: true,
  idle: true,
  opening: true,
  streaming: true,
  recording: true,
  reconnecting: true,
  stopping: true,
};

export const METRICS: readonly MetricDefinition[] = [
  gauges("csi_camera_build_info", "Versions; always 1.", ["version", "bun", "mp4box"], () => [
    [{ version: VERSION, bun: Bun.version, mp4box: MP4BOX_VERSION }, 1],
  ]),
  gauges(
    "csi_camera_encoder_info",
    "What encodes the recording, or did the last one; 1, absent before the first.",
    ["encoder", "codec", "zero_copy"],
    ({ recording, codec }) =>
      recording === null || codec === null
        ? []
        : [[{ encoder: recording.encoder, codec, zero_copy: String(recording.zero_copy) }, 1]],
  ),
  gauge("csi_camera_uptime_seconds", "Since the module said ready.", ({ uptime_s }) => uptime_s),
  gauges("csi_camera_state", "1 for the state that the module is in.", ["state"], ({ state }) =>
    Object.keys(STATES).map((name) => [{ state: name }, name === state ? 1 : 0]),
  ),
  gauge("csi_camera_healthy", "1: all is well; 0: /health says why not.", ({ health }) => Number(health.ok)),
  ...camera(),
  ...recording(),
  ...viewers(),
  counter("process_cpu_seconds_total", "Processor time, user and system.", () => processorMs() / 1000),
  gauge("process_resident_memory_bytes", "Resident memory.", (report) => report.process.resident_bytes),
  gauge("process_start_time_seconds", "Since 1970.", () => performance.timeOrigin / 1000),
];

export const HISTOGRAMS: readonly HistogramDefinition[] = [
  {
    name: "csi_camera_sensor_to_dequeue_seconds",
    help: "From the beginning of a frame's exposure until it reached us.",
    read: ({ frames }) => frames.measures.sensorToDequeue.report(),
  },
  {
    name: "csi_camera_sensor_to_encoded_seconds",
    help: "From the beginning of a frame's exposure until it was encoded.",
    read: ({ frames }) => frames.measures.sensorToEncoded.report(),
  },
  {
    name: "csi_camera_sensor_to_disk_seconds",
    help: "From the beginning of a frame's exposure until it was written and synced.",
    read: ({ frames }) => frames.measures.sensorToDisk.report(),
  },
  {
    name: "csi_camera_frame_interval_seconds",
    help: "From one frame of the camera to the next, by the sensor's clock.",
    read: ({ frames }) => frames.measures.interval.report(),
  },
  {
    name: "csi_camera_event_loop_delay_seconds",
    help: "How late timers of 20 ms were, while somebody asked.",
    read: ({ eventLoopDelay }) => eventLoopDelay.histogram.report(),
  },
];

function camera(): MetricDefinition[] {
  return [
    counter("csi_camera_capture_frames_total", "Frames of the camera, recorded or not.", (r) => r.since_start.frames),
    counter(
      "csi_camera_untimed_frames_total",
      "Those without latencies: the sensor's clock made no sense beside this machine's.",
      (r) => r.since_start.untimed_frames,
    ),
    gauge("csi_camera_capture_fps", "Frames per second of the camera.", (r) => r.rates.capture.actual),
    gauge("csi_camera_capture_max_fps", "What it was set to; 0: not known.", (r) => r.rates.capture.max ?? 0),
    counters("csi_camera_camera_failures_total", "Cameras that stalled, were unplugged or failed.", ["code"], (r) =>
      byLabel("code", r.since_start.camera_failures),
    ),
  ];
}

function recording(): MetricDefinition[] {
  return [
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
}

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

function viewers(): MetricDefinition[] {
  return [
    gauge("csi_camera_viewers", "Viewers that are connected.", (r) => r.viewers.count),
    gauge("csi_camera_display_fps", "Previews made per second.", (r) => r.rates.display.actual),
    gauge("csi_camera_display_target_fps", "Previews wanted per second.", (r) => r.rates.display.target),
    counter("csi_camera_previews_sent_total", "Previews sent to viewers.", (r) => r.viewers.previews_sent),
    counter(
      "csi_camera_previews_dropped_total",
      "Not sent: the viewer was too slow.",
      (r) => r.viewers.previews_dropped,
    ),
  ];
}

function going({ recording: last }: MetricsReport): MetricsReport["recording"] {
  return last === null || last.ended !== null ? null : last;
}

function byLabel(label: string, values: Readonly<Record<string, number>>): [Labels, number][] {
  return Object.entries(values).map(([name, value]) => [{ [label]: name }, value]);
}

function counter(name: string, help: string, read: (report: MetricsReport) => number): MetricDefinition {
  return counters(name, help, [], (report) => [[{}, read(report)]]);
}

function gauge(name: string, help: string, read: (report: MetricsReport) => number): MetricDefinition {
  return gauges(name, help, [], (report) => [[{}, read(report)]]);
}

type Read = MetricDefinition["read"];

function counters(name: string, help: string, labels: readonly string[], read: Read): MetricDefinition {
  return { kind: "counter", name, help, labels, read };
}

function gauges(name: string, help: string, labels: readonly string[], read: Read): MetricDefinition {
  return { kind: "gauge", name, help, labels, read };
}
