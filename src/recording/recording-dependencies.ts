import type { RuntimeError } from "../errors.ts";
import type { LineSink } from "../log/line-sink.ts";
import type { OpenVideoEncoder } from "./encoders/open-video-encoder.ts";
import type { RecordedFrame } from "./fragment.ts";
import type { EncoderWarning } from "./video-encoder.ts";

/** Something that a recording survives and the host is to know. */
export type RecordingWarning = EncoderWarning | "clock_stepped"; // somebody set the wall clock

/** Looks on while frames are recorded. Must not throw, and must cost next to nothing. */
export interface RecordingWatch {
  /** The frame has become a sample that waits for the disk. */
  onEncoded(frame: RecordedFrame): void;
  /** These, in their order, are on the disk: written and synced. `byteCount`: of their samples' data. */
  onWritten(frames: readonly RecordedFrame[], byteCount: number): void;
}

export interface RecordingDependencies {
  readonly openEncoder: OpenVideoEncoder;
  readonly dropLog: LineSink;
  readonly watch?: RecordingWatch | undefined;
  /** Something that the recording survives, as a sentence. */
  readonly onWarning: (code: RecordingWarning, message: string) => void;
  /** The recording can't go on; `stop()` is still owed. Called at most once. */
  readonly onFailure: (error: RuntimeError) => void;
}
