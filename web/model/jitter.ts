/** All in ms. Jitter is how far an interval is from the median of all. */
export interface JitterReport {
  readonly count: number;
  readonly medianMs: number;
  readonly p99JitterMs: number;
  readonly maxJitterMs: number;
  readonly longestMs: number;
  readonly binMs: number;
  /** Frames in the two outermost bins. */
  readonly beyond: number;
  /** In order; the outermost two hold all that is beyond as well. `fromMs` is a difference from the median. */
  readonly bins: readonly { readonly fromMs: number; readonly count: number }[];
}

const BINS_EACH_SIDE = 15;
const SMALLEST_BIN_MS = 0.001;

/** undefined without intervals. */
export function jitterOf(intervalsMs: readonly number[]): JitterReport | undefined {
  if (intervalsMs.length === 0) return undefined;
  const sorted = Float64Array.from(intervalsMs).sort();
  const medianMs = atRank(sorted, 0.5);
  const jitter = sorted.map((interval) => Math.abs(interval - medianMs)).sort();
  const p99JitterMs = atRank(jitter, 0.99);
  const binMs = niceAtLeast(Math.max(SMALLEST_BIN_MS, (p99JitterMs * 1.5) / BINS_EACH_SIDE));
  const bins = countBins(sorted, medianMs, binMs);
  return {
    count: sorted.length,
    medianMs,
    p99JitterMs,
    maxJitterMs: atRank(jitter, 1),
    longestMs: atRank(sorted, 1),
    binMs,
    beyond: (bins.at(0)?.count ?? 0) + (bins.at(-1)?.count ?? 0),
    bins,
  };
}

function countBins(intervalsMs: Float64Array, medianMs: number, binMs: number): JitterReport["bins"] {
  const counts = Array.from({ length: BINS_EACH_SIDE * 2 + 1 }, () => 0);
  for (const interval of intervalsMs) {
    // The middle bin is centred on the median.
    const offset = Math.round((interval - medianMs) / binMs);
    const bin = Math.min(BINS_EACH_SIDE, Math.max(-BINS_EACH_SIDE, offset)) + BINS_EACH_SIDE;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts.map((count, index) => ({ fromMs: (index - BINS_EACH_SIDE - 0.5) * binMs, count }));
}

/** Nearest rank; 0 of nothing. */
function atRank(sorted: Float64Array, fraction: number): number {
  return sorted[Math.max(0, Math.ceil(fraction * sorted.length) - 1)] ?? 0;
}

/** The next of 1, 2, 5 times a power of ten. */
function niceAtLeast(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= value * (1 - 1e-9)) ?? 10;
  return factor * power;
}
