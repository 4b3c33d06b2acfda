import type { HistogramBin } from "./histogram.ts";

const BAR_CHARACTERS_MAX = 32;

/** Bars as lines of text; one that is not empty shows. */
export function histogramLines(bins: readonly HistogramBin[]): string[] {
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const ranges = bins.map(rangeText);
  const rangeWidth = Math.max(0, ...ranges.map((text) => text.length));
  const countWidth = String(most).length;
  return bins.map(({ count }, index) => {
    const bar = "#".repeat(Math.ceil((count / most) * BAR_CHARACTERS_MAX));
    return `${(ranges[index] ?? "").padStart(rangeWidth)}  ${String(count).padStart(countWidth)} ${bar}`.trimEnd();
  });
}

function rangeText({ fromNs, toNs }: HistogramBin): string {
  if (toNs === undefined) return `${milliseconds(fromNs)} ms and more`;
  return fromNs === 0 ? `below ${milliseconds(toNs)} ms` : `${milliseconds(fromNs)} - ${milliseconds(toNs)} ms`;
}

function milliseconds(ns: number): string {
  return (ns / 1e6).toFixed(3);
}
