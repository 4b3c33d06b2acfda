import type { RecordingMetadata } from "../recording/metadata/recording-metadata.ts";
import type { DropLines } from "./drop-lines.ts";
import type { IntervalReport } from "./interval-report.ts";
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
  /** The video is one that this module began to record and did not make an ordinary file of. */
  readonly isUnfinished: boolean;
  /** From the first picture's time to the last one's end. */
  readonly durationSeconds: number;
  /** Pictures per second from the first to the last; 0 when there are fewer than two. */
  readonly rate: number;
  /** Of the first and last row that say one. */
  readonly firstSensorTimestampNs: bigint | undefined;
  readonly lastSensorTimestampNs: bigint | undefined;
  /** Between the rows; undefined when there are fewer than two. */
  readonly intervals: IntervalReport | undefined;
  /** What the recording says of itself; undefined when it says nothing that can be read. */
  readonly metadata: RecordingMetadata | undefined;
  /** undefined: there is no list of drops. */
  readonly drops: DropLines | undefined;
  /** Sentences; none when the recording is sound. */
  readonly problems: readonly string[];
  /**
   * It is not sound, and all of its problems are what the end of the process or of the power leaves at the end of an
   * unfinished recording, or a copy that is not whole: no sample that was on the disk before the last group of fragments
   * is touched. `repair` mends these.
   */
  readonly isTornEndOnly: boolean;
  /** Sentences about what is to be known and is no fault. */
  readonly notes: readonly string[];
}
