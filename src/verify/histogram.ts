/** How many intervals are from `fromNs` on and below `toNs`. */
export interface HistogramBin {
  readonly fromNs: number;
  /** undefined: whatever is longer. */
  readonly toNs: number | undefined;
  readonly count: number;
}

/** Bins between the ends, about. */
const BINS = 6;
/** Finer than sample times are, no bin tells anything. */
const STEP_NS_MIN = 1000;

/**
 * Sorts intervals into bins of a round width where most of them are: within half of their median, and without the outermost
 * percent to either side. What is shorter or longer has a bin of its own. `sorted`: one at least.
 */
export function makeHistogram(sorted: Float64Array, medianNs: number): HistogramBin[] {
  const last = sorted.length - 1;
  const ends = [sorted[Math.ceil(0.01 * last)], sorted[Math.floor(0.99 * last)]].map((ns) => ns ?? medianNs);
  const lowNs = Math.max(Math.min(...ends, medianNs), medianNs / 2);
  const highNs = Math.min(Math.max(...ends, medianNs), medianNs * 1.5);
  const stepNs = roundStep((highNs - lowNs) / BINS);
  const startNs = Math.floor(lowNs / stepNs) * stepNs;
  const edges: number[] = [];
  for (let edge = 0; ; edge++) {
    edges.push(startNs + edge * stepNs);
    if (startNs + edge * stepNs > highNs) break;
  }
  const counts = edges.map((edge) => countBelow(sorted, edge));
  const bins: HistogramBin[] = [{ fromNs: 0, toNs: startNs, count: counts[0] ?? 0 }];
  for (let bin = 0; bin + 1 < edges.length; bin++) {
    const [from = 0, to = 0] = counts.slice(bin);
    bins.push({ fromNs: edges[bin] ?? 0, toNs: edges[bin + 1], count: to - from });
  }
  bins.push({ fromNs: edges.at(-1) ?? 0, toNs: undefined, count: sorted.length - (counts.at(-1) ?? 0) });
  return bins.filter(({ count }, index) => count > 0 || (index > 0 && index < bins.length - 1));
}

/** 1, 2 or 5 with as many zeros as it takes. */
function roundStep(stepNs: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(stepNs, STEP_NS_MIN)));
  return [1, 2, 5, 10].map((digit) => digit * power).find((step) => step >= stepNs) ?? power;
}

/** How many of the sorted numbers are below `limit`. */
function countBelow(sorted: Float64Array, limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
