import type { CapturedFrame } from "../capture/captured-frame.ts";
import type { FrameConsumer } from "./frame-router.ts";

/** Wants frames that nobody else needs. */
export interface SpareFrameConsumer extends FrameConsumer {
  /** As `offer()`, for a frame that it can't have. */
  passOver?(frame: CapturedFrame, inputIntervalNs: number): void;
}

/**
 * Hands frames on only while at least half of the source's buffers are back at the source: for consumers that must never
 * hold one that the camera or the recording needs. Comes after them in the router. Of the others, it gets none: it is told
 * that they came. The recording drops frames only when it has more buffers than that, so previews are what goes first.
 */
export class SpareFrames implements FrameConsumer {
  readonly #consumers: readonly SpareFrameConsumer[];
  readonly #bufferCount: number;
  /** Those that somebody may hold still; as many as there are buffers at most. */
  #held: CapturedFrame[] = [];

  constructor(consumers: readonly SpareFrameConsumer[], bufferCount: number) {
    this.#consumers = consumers;
    this.#bufferCount = bufferCount;
  }

  offer(frame: CapturedFrame, inputIntervalNs: number): void {
    this.#held = this.#held.filter(({ isHeld }) => isHeld);
    this.#held.push(frame);
    const isSpare = this.#held.length * 2 <= this.#bufferCount;
    for (const consumer of this.#consumers) {
      if (isSpare) consumer.offer(frame, inputIntervalNs);
      else consumer.passOver?.(frame, inputIntervalNs);
    }
  }
}
