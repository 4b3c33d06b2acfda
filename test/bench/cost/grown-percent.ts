import { spreadOf } from "./spread.ts";

/** Of all looks, how many around the middle, and how many at the end, tell what was resident. */
const PART = 0.2;

/**
 * How much more is resident at the end than half way, %. Medians of some looks, evenly apart: what is resident goes up and
 * down with each collection of garbage.
 */
export function grownPercent(residentBytes: readonly number[]): number {
  const count = Math.max(1, Math.round(PART * residentBytes.length));
  const from = Math.floor((residentBytes.length - count) / 2);
  const halfWay = spreadOf(residentBytes.slice(from, from + count)).median;
  return (100 * (spreadOf(residentBytes.slice(-count)).median - halfWay)) / halfWay;
}
