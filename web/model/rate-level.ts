/** How a rate compares with its target; neutral where there is nothing to compare. */
export type RateLevel = "good" | "low" | "bad" | "neutral";

const GOOD_PERCENT = 95;
const LOW_PERCENT = 80;

/** Frames per second both; `target` is null or 0 where there is none. */
export function rateLevel(actual: number, target: number | null): RateLevel {
  if (target === null || target <= 0) return "neutral";
  // Whole numbers on the right, so that 95 % is 95 %.
  const percent = (actual * 100) / target;
  if (percent >= GOOD_PERCENT) return "good";
  return percent >= LOW_PERCENT ? "low" : "bad";
}

/** Whole percent of the target; 94.9 is not rounded to 95, which would be another level. */
export function percentOfTarget(actual: number, target: number): number {
  const percent = (actual * 100) / target;
  return percent >= GOOD_PERCENT ? Math.round(percent) : Math.floor(percent);
}
