/** What a histogram holds, at one moment. */
export interface HistogramReport {
  /** Upper bounds of the buckets, inclusive, ascending; one more bucket lies beyond them. */
  readonly bounds: readonly number[];
  /** Values in each bucket; one more than bounds. */
  readonly counts: readonly number[];
  readonly count: number;
  readonly sum: number;
  readonly max: number;
}

/** Counts values by size. An observation allocates nothing and costs some ten ns. */
export class Histogram {
  readonly #bounds: Float64Array;
  readonly #counts: Float64Array;
  #sum = 0;
  #max = 0;

  /** `bounds`: ascending. */
  constructor(bounds: readonly number[]) {
    this.#bounds = Float64Array.from(bounds);
    this.#counts = new Float64Array(bounds.length + 1);
  }

  /** `value`: not negative. */
  observe(value: number): void {
    let [low, high] = [0, this.#bounds.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (value <= (this.#bounds[middle] ?? 0)) high = middle;
      else low = middle + 1;
    }
    this.#counts[low] = (this.#counts[low] ?? 0) + 1;
    this.#sum += value;
    if (value > this.#max) this.#max = value;
  }

  report(): HistogramReport {
    const counts = [...this.#counts];
    const count = counts.reduce((sum, inBucket) => sum + inBucket, 0);
    return { bounds: [...this.#bounds], counts, count, sum: this.#sum, max: this.#max };
  }
}

/**
 * The value below which `fraction` of them lie, as far as buckets tell: in a straight line within the bucket, as
 * Prometheus's histogram_quantile() has it, and never beyond the largest value. null where there is none.
 */
export function quantile({ bounds, counts, count, max }: HistogramReport, fraction: number): number | null {
  if (count === 0) return null;
  const wanted = fraction * count;
  let [below, lower] = [0, 0];
  for (const [index, inBucket] of counts.entries()) {
    const upper = Math.min(bounds[index] ?? max, max);
    if (inBucket > 0 && below + inBucket >= wanted) return lower + (upper - lower) * ((wanted - below) / inBucket);
    below += inBucket;
    lower = upper;
  }
  return max;
}
