import type { ModuleState } from "../module-state.ts";
import { processorMs } from "../telemetry/processor-share.ts";
import { MP4BOX_VERSION, VERSION } from "../version.ts";
import { byLabel, counter, counters, gauge, gauges, type MetricDefinition } from "./metric-definition.ts";
import { RECORDING_METRICS } from "./recording-metrics.ts";

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
    ({ recording: last, codec }) =>
      last === null || codec === null ? [] : [[{ encoder: last.encoder, codec, zero_copy: String(last.zero_copy) }, 1]],
  ),
  gauge("csi_camera_uptime_seconds", "Since the module said ready.", ({ uptime_s }) => uptime_s),
  gauges("csi_camera_state", "1 for the state that the module is in.", ["state"], ({ state }) =>
    Object.keys(STATES).map((name) => [{ state: name }, name === state ? 1 : 0]),
  ),
  gauge("csi_camera_healthy", "1: all is well; 0: /health says why not.", ({ health }) => Number(health.ok)),
  ...camera(),
  ...RECORDING_METRICS,
  ...viewers(),
  counter("process_cpu_seconds_total", "Processor time, user and system.", () => processorMs() / 1000),
  gauge("process_resident_memory_bytes", "Resident memory.", (report) => report.process.resident_bytes),
  gauge("process_start_time_seconds", "Since 1970.", () => performance.timeOrigin / 1000),
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
    counter(
      "csi_camera_previews_left_out_total",
      "Due and never made: the recording needed the frames' buffers, or the machine is too slow.",
      (r) => r.viewers.previews_left_out,
    ),
  ];
}
