import type { CapturedFrame } from "../capture/captured-frame.ts";
import { IntervalEstimator } from "./interval-estimator.ts";

/** Takes part in the frame's way. */
export interface FrameConsumer {
  /** Borrows the frame for the call; who keeps it longer retains it. `inputIntervalNs`: the source's mean frame interval, ns. */
  offer(frame: CapturedFrame, inputIntervalNs: number): void;
}

/**
 * Hands each frame to its consumers in order of precedence (the recorder first) and then lets go of it. It never
 * waits, and a consumer that throws keeps nothing from the next one.
 */
export class FrameRouter {
  readonly #consumers: readonly FrameConsumer[];
  readonly #onConsumerError: (error: unknown) => void;
  readonly #interval: IntervalEstimator;

  /** `nominalIntervalNs`: what the source was set to, ns; 0 where that is not known. */
  constructor(
    nominalIntervalNs: number,
    consumers: readonly FrameConsumer[],
    onConsumerError: (error: unknown) => void,
  ) {
    this.#interval = new IntervalEstimator(nominalIntervalNs);
    this.#consumers = consumers;
    this.#onConsumerError = onConsumerError;
  }

  route(frame: CapturedFrame): void {
    const intervalNs = this.#interval.observe(frame);
    for (const consumer of this.#consumers) {
      try {
        consumer.offer(frame, intervalNs);
      } catch (error) {
        this.#onConsumerError(error);
      }
    }
    frame.release();
  }
}
