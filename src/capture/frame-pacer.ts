import { monotonicNs } from "../native/clocks.ts";

/**
 * Calls `onDue(n)` at start + n × interval for n = 0, 1, 2 …, on the real clock and without drift. Where the event
 * loop was late, the frames that are due come one after the other, each with its own number.
 */
export class FramePacer {
  readonly #intervalNs: number;
  readonly #onDue: (index: number, dueNs: bigint) => void;
  #timer: Timer | undefined;
  #startNs = 0n;
  #next = 0;

  /** `intervalNs`: ns from one call to the next. */
  constructor(intervalNs: number, onDue: (index: number, dueNs: bigint) => void) {
    this.#intervalNs = intervalNs;
    this.#onDue = onDue;
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
    const waitMs = Number(this.#dueNs() - monotonicNs()) / 1e6;
    this.#timer = setTimeout(() => this.#fire(), Math.max(0, Math.ceil(waitMs)));
  }

  #fire(): void {
    while (this.#timer !== undefined && this.#dueNs() <= monotonicNs()) {
      const dueNs = this.#dueNs();
      this.#onDue(this.#next++, dueNs);
    }
    if (this.#timer !== undefined) this.#arm();
  }

  #dueNs(): bigint {
    return this.#startNs + BigInt(Math.round(this.#next * this.#intervalNs));
  }
}
