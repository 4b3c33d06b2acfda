import { monotonicNs } from "../native/clocks.ts";

/** How often at most frames that are late are made up for, ms. */
const CATCH_UP_MS_MIN = 5;
/** What is later was stopped for as long as a camera's stall takes to be noticed. */
export const LATE_MS_MAX = 2000;

/**
 * Calls `onDue(n)` at start + n × interval for n = 0, 1, 2 …, on the real clock and without drift. Where the event
 * loop was late, the frames that are due follow at twice the rate, each with its own number: a camera gives no more of them at
 * once than it has buffers, and what is taken in time needs none. Those that are more than 2 s late are lost.
 */
export class FramePacer {
  readonly #intervalNs: number;
  readonly #onDue: (index: number, dueNs: bigint) => void;
  readonly #catchUpMs: number;
  readonly #atOnceMax: number;
  #timer: Timer | undefined;
  #startNs = 0n;
  #next = 0;

  /** `intervalNs`: ns from one call to the next. */
  constructor(intervalNs: number, onDue: (index: number, dueNs: bigint) => void) {
    this.#intervalNs = intervalNs;
    this.#onDue = onDue;
    this.#catchUpMs = Math.max(intervalNs / 1e6, CATCH_UP_MS_MIN);
    this.#atOnceMax = Math.ceil((2e6 * this.#catchUpMs) / intervalNs);
  }

  start(delayMs = 0): void {
    this.#startNs = monotonicNs() + BigInt(delayMs) * 1_000_000n;
    this.#wait(delayMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(ms: number): void {
    this.#timer = setTimeout(() => this.#fire(), Math.ceil(ms));
  }

  #fire(): void {
    const inTimeNs = Number(monotonicNs() - this.#startNs) - 1e6 * LATE_MS_MAX;
    this.#next = Math.max(this.#next, Math.ceil(inTimeNs / this.#intervalNs));
    for (let count = 0; count < this.#atOnceMax; count++) {
      const dueNs = this.#dueNs();
      if (this.#timer === undefined || dueNs > monotonicNs()) break;
      this.#onDue(this.#next++, dueNs);
    }
    if (this.#timer === undefined) return;
    const leftMs = Number(this.#dueNs() - monotonicNs()) / 1e6;
    this.#wait(leftMs > 0 ? leftMs : this.#catchUpMs);
  }

  #dueNs(): bigint {
    return this.#startNs + BigInt(Math.round(this.#next * this.#intervalNs));
  }
}
