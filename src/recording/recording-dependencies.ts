import type { RuntimeError } from "../errors.ts";
import type { LineSink } from "../log/line-sink.ts";
import type { OpenVideoEncoder } from "./encoders/open-video-encoder.ts";
import type { EncoderWarning } from "./video-encoder.ts";

/** Something that a recording survives and the host is to know. */
export type RecordingWarning = EncoderWarning | "clock_stepped"; // somebody set the wall clock

export interface RecordingDependencies {
  readonly openEncoder: OpenVideoEncoder;
  readonly dropLog: LineSink;
  /** Something that the recording survives, as a sentence. */
  readonly onWarning: (code: RecordingWarning, message: string) => void;
  /** The recording can't go on; `stop()` is still owed. Called at most once. */
  readonly onFailure: (error: RuntimeError) => void;
}
