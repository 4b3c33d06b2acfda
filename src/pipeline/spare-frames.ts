import type { CapturedFrame } from "../capture/captured-frame.ts";
import type { FrameConsumer } from "./frame-router.ts";

/**
 * Hands frames on only while at least half of the source's buffers are back at the source: for consumers that must never
 * hold one that the camera or the recording needs. Comes after them in the router. Of the others, it gets none.
 */
export class SpareFrames implements FrameConsumer {
  readonly #consumers: readonly FrameConsumer[];
  readonly #bufferCount: number;
  /** Those that somebody may hold still; as many as there are buffers at most. */
  #held: CapturedFrame[] = [];

  constructor(consumers: readonly FrameConsumer[], bufferCount: number) {
    this.#consumers = consumers;
    this.#bufferCount = bufferCount;
  }

  offer(frame: CapturedFrame, inputIntervalNs: number): void {
    this.#held = this.#held.filter(({ isHeld }) => isHeld);
    this.#held.push(frame);
    if (this.#held.length * 2 > this.#bufferCount) return;
    for (const consumer of this.#consumers) consumer.offer(frame, inputIntervalNs);
  }
}
