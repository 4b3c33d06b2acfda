import type { FrameMetadata } from "../capture/captured-frame.ts";
import { formatFrameDrop } from "../log/frame-drop-log.ts";
import type { LineSink } from "../log/line-sink.ts";
import { monotonicNs, realtimeNs } from "../native/clocks.ts";
import { type DropReason, FrameLedger } from "../pipeline/frame-ledger.ts";
import { FrameSpan } from "../pipeline/frame-span.ts";
import { missingFrames } from "../pipeline/sensor-gap.ts";
import type { DropsFile } from "./drops-file.ts";
import type { RecordedFrame } from "./fragment.ts";

/** Keeps a recording's books: the ledger, the gaps of the sensor, and a line for each drop. */
export class FrameAccounting {
  readonly ledger = new FrameLedger();
  /** Captured ones, but damaged ones and those out of time. */
  readonly capturedSpan = new FrameSpan<FrameMetadata>();
  readonly recordedSpan = new FrameSpan<RecordedFrame>();
  readonly #dropsFile: DropsFile;
  readonly #dropLog: LineSink;
  /** Bad frames that were not yet found missing between two good ones. */
  #badFrames = 0;

  /** `dropLog`: where the module's own log of drops goes, beside the recording's file. */
  constructor(dropsFile: DropsFile, dropLog: LineSink) {
    this.#dropsFile = dropsFile;
    this.#dropLog = dropLog;
  }

  captured(frame: FrameMetadata): void {
    this.ledger.countCaptured();
    const { last } = this.capturedSpan;
    const missing = last === undefined ? 0 : missingFrames(last, frame);
    // A frame that came damaged is counted as such, not as missing once more.
    const accountedFor = Math.min(missing, this.#badFrames);
    this.#badFrames -= accountedFor;
    if (missing > accountedFor) this.ledger.countGap(missing - accountedFor);
    this.capturedSpan.add(frame);
  }

  /** Frames that were captured but never delivered. `frameNumber`: the source's, where it knows which one. */
  capturedBad(reason: DropReason, frameCount: number, frameNumber: number | null): void {
    this.#badFrames += frameCount;
    const now = { monotonicNs: monotonicNs(), realtimeNs: realtimeNs(), frameNumber };
    for (let count = 0; count < frameCount; count++) {
      this.ledger.countCaptured();
      this.#drop(reason, now);
    }
  }

  /** A frame whose timestamp has no place in the video. */
  capturedOutOfTime(frame: FrameMetadata): void {
    this.ledger.countCaptured();
    this.#drop("frame_error", frame);
  }

  skipped(): void {
    this.ledger.countSkipped();
  }

  /** In their order. */
  recorded(frames: readonly RecordedFrame[]): void {
    this.ledger.countRecorded(frames.length);
    for (const frame of [frames.at(0), frames.at(-1)]) if (frame !== undefined) this.recordedSpan.add(frame);
  }

  dropped(reason: DropReason, frames: readonly RecordedFrame[]): void {
    for (const frame of frames) this.#drop(reason, frame);
  }

  #drop(
    reason: DropReason,
    frame: { readonly monotonicNs: bigint; readonly realtimeNs: bigint; readonly frameNumber: number | null },
  ): void {
    this.ledger.countDropped(reason);
    const { monotonicNs: monoNs, realtimeNs: wallNs, frameNumber } = frame;
    const line = formatFrameDrop({ reason, monotonicNs: monoNs, realtimeNs: wallNs, frameNumber });
    this.#dropsFile.append(line);
    this.#dropLog.write(line);
  }
}
