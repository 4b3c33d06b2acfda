import type { CapturedFrame } from "../../capture/captured-frame.ts";

/** The frames that an encoder was given, by sensor timestamp: which ones it may still read, and which ones it owes an answer. */
export class FramesInEncoder {
  readonly #held = new Map<bigint, CapturedFrame>();
  readonly #unanswered = new Set<bigint>();

  get isEmpty(): boolean {
    return this.#held.size === 0 && this.#unanswered.size === 0;
  }

  /** Retains the frame. */
  add(frame: CapturedFrame): void {
    this.#held.set(frame.sensorTimestampNs, frame.retain());
    this.#unanswered.add(frame.sensorTimestampNs);
  }

  /** Its pixels are not read any more. */
  release(timestampNs: bigint): void {
    this.#held.get(timestampNs)?.release();
    this.#held.delete(timestampNs);
  }

  /** False where it was answered before. */
  answer(timestampNs: bigint): boolean {
    return this.#unanswered.delete(timestampNs);
  }

  /** No answer is waited for any more. Returns those that had none. */
  giveUp(): bigint[] {
    const timestamps = [...this.#unanswered];
    this.#unanswered.clear();
    return timestamps;
  }

  releaseAll(): void {
    for (const frame of this.#held.values()) frame.release();
    this.#held.clear();
  }
}
