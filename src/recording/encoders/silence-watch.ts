const TICK_MS = 250;

/**
 * Calls `onSilence` when somebody who owes an answer has said nothing for too long. It counts ticks instead of reading a
 * clock: what the whole process slept through, or spent busy, makes one of them.
 */
export class SilenceWatch {
  readonly #owesAnswer: () => boolean;
  readonly #onSilence: () => void;
  #limitMs: number;
  #silentMs = 0;
  readonly #timer: Timer;

  /** Starts. `owesAnswer`: silence counts only while this is true. `onSilence` is called again if the silence lasts. */
  constructor(limitMs: number, owesAnswer: () => boolean, onSilence: () => void) {
    this.#limitMs = limitMs;
    this.#owesAnswer = owesAnswer;
    this.#onSilence = onSilence;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  get limitMs(): number {
    return this.#limitMs;
  }

  /** Begins anew, with another limit. */
  restart(limitMs: number): void {
    this.#limitMs = limitMs;
    this.#silentMs = 0;
  }

  /** There was a word. */
  heard(): void {
    this.#silentMs = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    this.#silentMs = this.#owesAnswer() ? this.#silentMs + TICK_MS : 0;
    if (this.#silentMs >= this.#limitMs) this.#onSilence();
  }
}
