import type { FrameMetadata } from "../capture/captured-frame.ts";
import type { Mp4Sample } from "./mp4/video-track.ts";
import type { TimingRow } from "./timing-csv.ts";

/** What is remembered of a frame while it is encoded. Times in ns. */
export interface RecordedFrame extends TimingRow {
  readonly frameNumber: number;
}

/** What is to be remembered of this one. */
export function recordedFrame({
  frameNumber,
  sensorTimestampNs,
  monotonicNs,
  realtimeNs,
}: FrameMetadata): RecordedFrame {
  return { frameNumber, sensorTimestampNs, monotonicNs, realtimeNs };
}

/** Consecutive samples that are written together, and the frames that they were made from. */
export interface Fragment {
  readonly samples: readonly Mp4Sample[];
  readonly frames: readonly RecordedFrame[];
  /** Of the samples' data. */
  readonly byteCount: number;
}
