import type { RuntimeError } from "../../src/errors.ts";
import type {
  EncodedChunk,
  EncoderWarning,
  SkipDropReason,
  VideoEncoderEvents,
} from "../../src/recording/video-encoder.ts";

/** Keeps what an encoder says. */
export class Answers implements VideoEncoderEvents {
  readonly chunks: EncodedChunk[] = [];
  readonly skipped: bigint[] = [];
  /** Of each skipped frame. */
  readonly reasons: SkipDropReason[] = [];
  /** `code: message`. */
  readonly warnings: string[] = [];
  readonly failures: RuntimeError[] = [];

  onChunk(chunk: EncodedChunk): void {
    this.chunks.push(chunk);
  }

  onSkipped(sensorTimestampNs: bigint, reason: SkipDropReason): void {
    this.skipped.push(sensorTimestampNs);
    this.reasons.push(reason);
  }

  onWarning(code: EncoderWarning, message: string): void {
    this.warnings.push(`${code}: ${message}`);
  }

  onFailure(error: RuntimeError): void {
    this.failures.push(error);
  }
}
