import type { CapturedFrame } from "../capture/captured-frame.ts";
import type { FrameConsumer } from "./frame-router.ts";

interface HeldFrame {
  readonly frame: CapturedFrame;
  readonly inputIntervalNs: number;
}

/** Holds the newest frames until the consumer that they are for is ready: so that it begins with the frame that came next. */
export class LeadIn implements FrameConsumer {
  readonly #framesMax: number;
  readonly #held: HeldFrame[] = [];

  /** Beyond `framesMax` the oldest is let go. */
  constructor(framesMax: number) {
    this.#framesMax = framesMax;
  }

  offer(frame: CapturedFrame, inputIntervalNs: number): void {
    this.#held.push({ frame: frame.retain(), inputIntervalNs });
    if (this.#held.length > this.#framesMax) this.#held.shift()?.frame.release();
  }

  /** In their order; it holds none afterwards. */
  handOver(consumer: FrameConsumer): void {
    for (const { frame, inputIntervalNs } of this.#held.splice(0)) {
      consumer.offer(frame, inputIntervalNs);
      frame.release();
    }
  }

  discard(): void {
    for (const { frame } of this.#held.splice(0)) frame.release();
  }
}
