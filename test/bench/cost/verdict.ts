import { takenShare, type TakenByOthers } from "./processor-load.ts";
import { relativeWidth, type Spread } from "./spread.ts";

export type Verdict = "met" | "not met" | "too noisy" | "too few rounds" | "reported" | "not measured";

const ROUNDS_MIN = 3;
/** How far apart one and the same loop may be in different rounds, as a part of its median. */
const FLOOR_WIDTH_MAX = 0.1;
/** What other programs and other machines on the host may take of all processors. */
const TAKEN_SHARE_MAX = 0.05;

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

/** Whether a count of faults is at most its target in each round: a fault in one round is a fault. */
export function judgeCount(measured: Spread, target: number): Verdict {
  if (measured.most > target) return "not met";
  return measured.count < ROUNDS_MIN ? "too few rounds" : "met";
}

/**
 * Others on the machine make everything cost more, and most what has many threads and much in its caches: what is met is
 * met, and what is not may be their doing.
 */
export function discounted(verdict: Verdict, taken: TakenByOthers): Verdict {
  return verdict === "not met" && takenShare(taken) > TAKEN_SHARE_MAX ? "too noisy" : verdict;
}

function isUnsteady(floor: Spread): boolean {
  return relativeWidth(floor) > FLOOR_WIDTH_MAX;
}
