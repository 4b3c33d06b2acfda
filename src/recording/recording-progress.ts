import type { LedgerReport } from "../pipeline/frame-ledger.ts";

/** How far a recording has come, at one moment. */
export interface RecordingProgress {
  readonly startedAt: Date;
  /** From its first to its newest frame, by the sensor's clock, ns. */
  readonly durationNs: bigint;
  /** Of the video, on the disk so far. */
  readonly byteCount: number;
  /** How often its encoder was closed and opened again. */
  readonly encoderRestarts: number;
  /** Frames in the encoder. */
  readonly encoderFrames: number;
  /** Encoded bytes that are not on the disk yet. */
  readonly waitingBytes: number;
  readonly ledger: LedgerReport;
}
