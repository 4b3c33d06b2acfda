import type { Mp4Sample } from "./mp4/video-track.ts";
import type { TimingRow } from "./timing-csv.ts";

/** What is remembered of a frame while it is encoded. Times in ns. */
export interface RecordedFrame extends TimingRow {
  readonly frameNumber: number;
}

/** Consecutive samples that are written together, and the frames that they were made from. */
export interface Fragment {
  readonly samples: readonly Mp4Sample[];
  readonly frames: readonly RecordedFrame[];
  /** Of the samples' data. */
  readonly byteCount: number;
}
