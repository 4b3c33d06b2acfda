import type { RecordingMetadata } from "../recording/metadata/recording-metadata.ts";
import { type ExpectedInterval, expectInterval } from "./expected-interval.ts";
import { type HistogramBin, makeHistogram } from "./histogram.ts";
import type { Intervals, LongestInterval } from "./intervals.ts";

/** Of some durations, ns. Percentiles by nearest rank. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** How even a recording's frames are in time, by the sensor's timestamps. */
export interface IntervalReport {
  readonly count: number;
  readonly intervalNs: Spread;
  /** How far the intervals are from their median, to either side. */
  readonly jitterNs: Spread;
  readonly expected: ExpectedInterval;
  readonly gaps: {
    readonly count: number;
    /** Frames that would have been there. */
    readonly missingFrames: number;
    /** The longest interval, where it is a gap. */
    readonly longest: LongestInterval | undefined;
  };
  readonly histogram: readonly HistogramBin[];
}

/** undefined: there is no interval. */
export function reportIntervals(
  intervals: Intervals,
  metadata: RecordingMetadata | undefined,
): IntervalReport | undefined {
  const intervalsNs = intervals.toArray();
  if (intervalsNs.length === 0) return undefined;
  const sorted = intervalsNs.toSorted();
  const medianNs = percentile(sorted, 50);
  const expected = expectInterval(metadata, medianNs);
  const deviations = intervalsNs.map((ns) => Math.abs(ns - medianNs)).sort();
  const gapsNs = sorted.filter((ns) => ns > expected.gapNs);
  return {
    count: intervalsNs.length,
    intervalNs: spreadOf(sorted),
    jitterNs: spreadOf(deviations),
    expected,
    gaps: {
      count: gapsNs.length,
      missingFrames: gapsNs.reduce((sum, ns) => sum + Math.max(1, Math.round(ns / expected.intervalNs) - 1), 0),
      longest: gapsNs.length > 0 ? intervals.longest : undefined,
    },
    histogram: makeHistogram(sorted, medianNs),
  };
}

function spreadOf(sorted: Float64Array): Spread {
  return { p50: percentile(sorted, 50), p99: percentile(sorted, 99), max: percentile(sorted, 100) };
}

function percentile(sorted: Float64Array, percent: number): number {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
}
