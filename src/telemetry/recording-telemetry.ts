import type { RuntimeError } from "../errors.ts";
import type { LedgerReport } from "../pipeline/frame-ledger.ts";
import type { RecordingReport } from "../recording/recording-report.ts";
import type { RecordingSession } from "../recording/recording-session.ts";
import { addLedgers, EMPTY_LEDGER } from "./ledger-sum.ts";
import type { RecordingSnapshot } from "./module-snapshot.ts";

export type ObservedRecording = Pick<RecordingSession, "trial" | "videoPath" | "encoder" | "progress" | "failure">;

/** What lies behind: recordings that are over. */
interface Sums {
  readonly ledger: LedgerReport;
  readonly encoderRestarts: number;
}

const NOTHING: Sums = { ledger: EMPTY_LEDGER, encoderRestarts: 0 };

/** Keeps the books of all recordings, the one that goes on included. */
export class RecordingTelemetry {
  /** Recordings that began. */
  startedCount = 0;
  /** How often each error ended a recording, or kept one from beginning. */
  readonly failures = new Map<string, number>();
  /** Of the recording that goes on, else of the last one. */
  codec: string | null = null;
  #current: ObservedRecording | undefined;
  #last: RecordingSnapshot | null = null;
  #failure: string | undefined;
  #sinceStart = NOTHING;
  #sinceAssigned = NOTHING;

  /** A recording goes on; also while it is being finished. */
  get isRecording(): boolean {
    return this.#current !== undefined;
  }

  /** What is wrong with the recording, or was with the last one; undefined: all is well. */
  get failure(): string | undefined {
    const error = this.#current?.failure;
    return error === undefined ? this.#failure : `the recording failed: ${error.message}`;
  }

  /** Since the module started. */
  get sinceStart(): Sums {
    return this.#withCurrent(this.#sinceStart);
  }

  /** Since the device was assigned. */
  get sinceAssigned(): Sums {
    return this.#withCurrent(this.#sinceAssigned);
  }

  /** The one that goes on, else the last one. */
  get snapshot(): RecordingSnapshot | null {
    return this.#current === undefined ? this.#last : describe(this.#current, null);
  }

  deviceAssigned(): void {
    this.#sinceAssigned = NOTHING;
    this.#failure = undefined;
  }

  deviceReleased(): void {
    this.#failure = undefined;
  }

  started(recording: ObservedRecording): void {
    this.startedCount++;
    this.#failure = undefined;
    this.#current = recording;
    this.codec = recording.encoder.info.codec;
  }

  startFailed(error: RuntimeError): void {
    this.#count(error);
    this.#failure = `the last recording could not begin: ${error.message}`;
  }

  ended({ reason, failure }: Pick<RecordingReport, "reason" | "failure">): void {
    if (this.#current === undefined) return;
    this.#sinceStart = this.sinceStart;
    this.#sinceAssigned = this.sinceAssigned;
    this.#last = describe(this.#current, { reason, error: failure?.message ?? null });
    this.#current = undefined;
    if (failure === undefined) return;
    this.#count(failure);
    this.#failure = `the last recording failed: ${failure.message}`;
  }

  #count({ code }: RuntimeError): void {
    this.failures.set(code, (this.failures.get(code) ?? 0) + 1);
  }

  #withCurrent(sums: Sums): Sums {
    if (this.#current === undefined) return sums;
    const { ledger, encoderRestarts } = this.#current.progress;
    return { ledger: addLedgers(sums.ledger, ledger), encoderRestarts: sums.encoderRestarts + encoderRestarts };
  }
}

function describe(recording: ObservedRecording, ended: RecordingSnapshot["ended"]): RecordingSnapshot {
  const { trial, videoPath, progress, encoder } = recording;
  return {
    video_path: videoPath,
    trial_number: trial.trialNumber,
    trial_label: trial.trialLabel,
    started_at: progress.startedAt.toISOString(),
    duration_s: Number(progress.durationNs) / 1e9,
    byte_count: progress.byteCount,
    encoder: encoder.info.name,
    encoder_reason: encoder.reason,
    zero_copy: encoder.info.zeroCopy,
    encoder_restarts: progress.encoderRestarts,
    ledger: progress.ledger,
    queues: { encoder_frames: progress.encoderFrames, disk_bytes: progress.waitingBytes },
    ended,
  };
}
