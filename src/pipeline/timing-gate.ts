/**
 * Thins a stream of frames to a lower rate, on a time grid: of the incoming frames the one nearest to each grid point
 * is taken. The grid is laid by the first frame and never re-anchored to an accepted one, so rounding does not add up.
 *
 * Right to ±1 % on average for any rate below the input's; at the input's own rate or above, every frame passes.
 */
export class TimingGate {
  readonly #intervalNs: number;
  #originNs: bigint | undefined;
  /** The next grid point, ns from the origin. */
  #targetNs = 0;

  /** `rate`: frames per second to let through. */
  constructor(rate: number) {
    this.#intervalNs = 1e9 / rate;
  }

  /**
   * Whether to take this frame. `timestampNs` increases from call to call; `inputIntervalNs` is the input's mean frame
   * interval, ns; 0: not known yet.
   */
  accept(timestampNs: bigint, inputIntervalNs: number): boolean {
    this.#originNs ??= timestampNs;
    // The tolerance is the promised ±1 %: a camera set to 30 that runs at 29.97 or 30.2 keeps every frame.
    if (inputIntervalNs === 0 || this.#intervalNs <= inputIntervalNs * 1.01) return true;

    const timeNs = Number(timestampNs - this.#originNs);
    if (timeNs < this.#targetNs - inputIntervalNs / 2) return false;
    this.#targetNs += this.#intervalNs;
    if (timeNs - this.#targetNs > this.#intervalNs) {
      // After a gap: this frame stands for the grid point that it is nearest to.
      this.#targetNs = (Math.round(timeNs / this.#intervalNs) + 1) * this.#intervalNs;
    }
    return true;
  }
}
