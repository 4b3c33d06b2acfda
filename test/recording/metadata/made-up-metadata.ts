import { clockReading } from "../../../src/recording/metadata/clock-reading.ts";
import type { RecordingMetadata } from "../../../src/recording/metadata/recording-metadata.ts";
import type { VideoTrack } from "../../../src/recording/mp4/video-track.ts";
import { frameAt } from "../made-up-frames.ts";

export interface MadeUpOptions {
  readonly label?: string;
  /** Of all frames, each of which was recorded, in a recording that has ended. */
  readonly timesMs?: readonly number[];
}

/** What a recording with such a track, of frames as `frameAt` makes them, says of itself. */
export function madeUpMetadata(track: VideoTrack, { label = "", timesMs }: MadeUpOptions = {}): string {
  const { codec, width, height, colour } = track;
  const count = timesMs?.length ?? 0;
  const seconds = ((timesMs?.at(-1) ?? 0) - (timesMs?.[0] ?? 0)) / 1000;
  const rate = count > 1 ? Math.round(((count - 1) / seconds) * 1e6) / 1e6 : null;
  const metadata: RecordingMetadata = {
    format_version: 1,
    versions: { csi_camera: "0.1.0", bun: "1.4.5", mp4box: "2.4.1", libcamera: null },
    camera: { device_id: "picam:0", camera_id: "made-up", model: "made-up", label: "cam" },
    trial: { number: 1, label, session_dir: "/data/session_1" },
    files: { video: "1_CSI_trial001_cam.mp4", timing: "1_CSI_trial001_cam_timing.csv", drops: null },
    video: {
      ...{ width, height, codec, pixel_format: "YUV420" },
      colour: {
        primaries: colour.primaries,
        transfer: colour.transfer,
        matrix: colour.matrix,
        full_range: colour.fullRange,
      },
    },
    encoder: {
      ...{ name: "made-up", reason: "it is a test", zero_copy: false },
      bitrate: codec === "h264" ? 2_000_000 : null,
      jpeg_quality: codec === "mjpeg" ? 85 : null,
    },
    rates: {
      ...{ capture_requested: 30, capture_set: null, capture_measured: rate },
      ...{ record_requested: 30, record_measured: rate },
    },
    clocks: {
      start: clockReading(frameAt(0, timesMs?.[0] ?? 0)),
      stop: timesMs === undefined ? null : clockReading(frameAt(count - 1, timesMs.at(-1) ?? 0)),
    },
    start_command_id: "rec_20260106_143052_001",
    end: timesMs === undefined ? null : endOf(count),
  };
  return `${JSON.stringify(metadata, undefined, 2)}\n`;
}

function endOf(count: number): RecordingMetadata["end"] {
  return {
    reason: "stop_recording",
    command_id: "stop_20260106_143152_001",
    error: null,
    ledger: {
      ...{ captured: count, recorded: count, skipped_by_rate_gate: 0, dropped: {} },
      sensor_gaps: { gaps: 0, missing_frames: 0 },
    },
    unwritten_drops: 0,
    wall_clock_steps: { count: 0, total_ms: 0 },
  };
}
