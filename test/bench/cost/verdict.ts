import { relativeWidth, type Spread } from "./spread.ts";

export type Verdict = "met" | "not met" | "too noisy" | "too few rounds" | "reported";

const ROUNDS_MIN = 3;
/** How far apart one and the same loop may be in different rounds, as a part of its median. */
const FLOOR_WIDTH_MAX = 0.1;

/**
 * Whether something is at most its target. Only what all rounds agree on is a verdict. `yardstick`: what the floor took in
 * the same rounds, which says how steady the machine was.
 */
export function judge(measured: Spread, target: number, yardstick?: Spread): Verdict {
  if (measured.count < ROUNDS_MIN) return "too few rounds";
  if (yardstick !== undefined && isUnsteady(yardstick)) return "too noisy";
  if (measured.most <= target) return "met";
  return measured.least > target ? "not met" : "too noisy";
}

export function isUnsteady(floor: Spread): boolean {
  return relativeWidth(floor) > FLOOR_WIDTH_MAX;
}
