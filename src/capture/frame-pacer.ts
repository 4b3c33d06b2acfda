import { monotonicNs } from "../native/clocks.ts";

/** How often at most frames that are late are made up for, ms. */
const CATCH_UP_MS_MIN = 5;

/**
 * Calls `onDue(n)` at start + n × interval for n = 0, 1, 2 …, on the real clock and without drift. Where the event
 * loop was late, the frames that are due follow at twice the rate, each with its own number: a camera gives no more of them at
 * once than it has buffers, and what is taken in time needs none. Of more than `lateFramesMax` the oldest are lost.
 */
export class FramePacer {
  readonly #intervalNs: number;
  readonly #lateFramesMax: number;
  readonly #onDue: (index: number, dueNs: bigint) => void;
  readonly #catchUpMs: number;
  readonly #atOnceMax: number;
  #timer: Timer | undefined;
  #startNs = 0n;
  #next = 0;

  /** `intervalNs`: ns from one call to the next. */
  constructor(intervalNs: number, lateFramesMax: number, onDue: (index: number, dueNs: bigint) => void) {
    this.#intervalNs = intervalNs;
    this.#lateFramesMax = lateFramesMax;
    this.#onDue = onDue;
    this.#catchUpMs = Math.max(intervalNs / 1e6, CATCH_UP_MS_MIN);
    this.#atOnceMax = Math.ceil((2e6 * this.#catchUpMs) / intervalNs);
  }

  start(delayMs = 0): void {
    this.#startNs = monotonicNs() + BigInt(delayMs) * 1_000_000n;
    this.#arm();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(): void {
    const leftMs = Number(this.#dueNs() - monotonicNs()) / 1e6;
    const waitMs = leftMs > 0 || this.#next === 0 ? leftMs : this.#catchUpMs;
    this.#timer = setTimeout(() => this.#fire(), Math.max(0, Math.ceil(waitMs)));
  }

  #fire(): void {
    const due = Math.floor(Number(monotonicNs() - this.#startNs) / this.#intervalNs) + 1;
    this.#next = Math.max(this.#next, due - this.#lateFramesMax);
    for (let count = 0; count < this.#atOnceMax; count++) {
      const dueNs = this.#dueNs();
      if (this.#timer === undefined || dueNs > monotonicNs()) break;
      this.#onDue(this.#next++, dueNs);
    }
    if (this.#timer !== undefined) this.#arm();
  }

  #dueNs(): bigint {
    return this.#startNs + BigInt(Math.round(this.#next * this.#intervalNs));
  }
}
