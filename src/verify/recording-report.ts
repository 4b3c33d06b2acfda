import type { SampleEntry } from "./sample-entry.ts";

/** What re-reading a recording found. */
export interface RecordingReport {
  readonly file: string;
  readonly timingFile: string;
  readonly codec: SampleEntry["codec"];
  readonly width: number;
  readonly height: number;
  /** Pictures in the video, key frames among them, and rows of the timing file. */
  readonly samples: number;
  readonly keyFrames: number;
  readonly rows: number;
  /** From the first picture's time to the last one's end. */
  readonly durationSeconds: number;
  /** Pictures per second from the first to the last; 0 when there are fewer than two. */
  readonly rate: number;
  /** Of the first and last row that say one. */
  readonly firstSensorTimestampNs: bigint | undefined;
  readonly lastSensorTimestampNs: bigint | undefined;
  /** Sentences; none when the recording is sound. */
  readonly problems: readonly string[];
}
