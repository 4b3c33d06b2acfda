const CAPACITY = 2048;

/** The last intervals between frames, ms, by the sensor's clock: of 2,048 frames, which are two seconds at 1,000 frames/s. */
export class FrameIntervals {
  readonly #ring = new Float64Array(CAPACITY);
  #count = 0;

  /** Intervals ever. */
  get count(): number {
    return this.#count;
  }

  add(intervalMs: number): void {
    this.#ring[this.#count % CAPACITY] = intervalMs;
    this.#count++;
  }

  /** Those from number `first` on (the first one ever is 0), oldest first; of too many the newest `countMax`. */
  since(first: number, countMax: number): number[] {
    const from = Math.max(first, this.#count - Math.min(countMax, CAPACITY), 0);
    return Array.from({ length: Math.max(0, this.#count - from) }, (_, index) => this.#at(from + index));
  }

  /**
   * Frames per second over the last `windowMs`, or over the last two intervals where these are longer. Of the intervals
   * from number `first` on. `silentMs`: since the newest frame; from `silentMsUsual` and one and a half intervals on it
   * counts as time without frames, and in the end the rate is 0.
   */
  rate(first: number, windowMs: number, silentMs: number, silentMsUsual = 0): number {
    let [frames, sumMs] = [0, 0];
    for (let index = this.#count - 1; index >= Math.max(first, this.#count - CAPACITY); index--) {
      const intervalMs = this.#at(index);
      if (frames >= 2 && sumMs + intervalMs > windowMs) break;
      sumMs += intervalMs;
      frames++;
    }
    if (frames === 0 || sumMs <= 0) return 0;
    const meanMs = sumMs / frames;
    const overdueMs = silentMs - silentMsUsual > 1.5 * meanMs ? silentMs - silentMsUsual : 0;
    if (overdueMs > Math.max(windowMs, 3 * meanMs)) return 0;
    return (1000 * frames) / (sumMs + overdueMs);
  }

  #at(index: number): number {
    return this.#ring[index % CAPACITY] ?? 0;
  }
}
