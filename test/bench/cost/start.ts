import type { Cost } from "./rounds.ts";
import { spreadOf } from "./spread.ts";

/** What a contender takes without a frame, ms; null where that is less than what the rounds differ by. */
export interface Start {
  readonly cpuMs: number | null;
  readonly wallMs: number | null;
}

/**
 * Start-up is where the line through two runs begins: far from both, so that a frame's noise counts hundreds of times in it.
 * Of less than three rounds nobody knows how much.
 */
export function startOf(rounds: readonly Pick<Cost, "startCpuMs" | "startWallMs">[]): Start {
  const known = (values: readonly number[]): number | null => {
    const { median, least, most, count } = spreadOf(values);
    return count >= 3 && least > 0 && median > most - least ? median : null;
  };
  return {
    cpuMs: known(rounds.map(({ startCpuMs }) => startCpuMs)),
    wallMs: known(rounds.map(({ startWallMs }) => startWallMs)),
  };
}
