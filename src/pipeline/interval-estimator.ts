const WINDOW_INTERVALS = 120;
/** How many measured intervals the nominal one weighs as much as. */
const NOMINAL_WEIGHT = 30;

/**
 * The mean interval between a source's frames, ns, over the last 120 of them. Sensor gaps do not stretch it: an
 * interval beyond 1.5 times the estimate counts as the whole number of intervals that it is nearest to.
 */
export class IntervalEstimator {
  #nominalNs: number;
  #lastNs: bigint | undefined;
  readonly #durationsNs: number[] = [];
  readonly #counts: number[] = [];
  #sumNs = 0;
  #sumCount = 0;

  /** `nominalNs`: what the source was set to; 0 where it can't be set. */
  constructor(nominalNs: number) {
    this.#nominalNs = nominalNs;
  }

  /** Takes a frame's timestamp and returns the estimate, ns; 0 until two frames were seen of a source without nominal rate. */
  observe(timestampNs: bigint): number {
    if (this.#lastNs !== undefined) this.#add(Number(timestampNs - this.#lastNs));
    this.#lastNs = timestampNs;
    return this.estimateNs;
  }

  get estimateNs(): number {
    const weight = this.#nominalNs > 0 ? NOMINAL_WEIGHT : 0;
    const count = this.#sumCount + weight;
    return count === 0 ? 0 : (this.#sumNs + this.#nominalNs * weight) / count;
  }

  #add(durationNs: number): void {
    const expectedNs = this.estimateNs;
    const count = expectedNs > 0 ? Math.max(1, Math.round(durationNs / expectedNs)) : 1;
    this.#durationsNs.push(durationNs);
    this.#counts.push(count);
    this.#sumNs += durationNs;
    this.#sumCount += count;
    if (this.#durationsNs.length <= WINDOW_INTERVALS) return;
    this.#sumNs -= this.#durationsNs.shift() ?? 0;
    this.#sumCount -= this.#counts.shift() ?? 0;
    // A full window knows better than the setting does.
    this.#nominalNs = 0;
  }
}
