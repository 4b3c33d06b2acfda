import type { Spread } from "./spread.ts";
import { judge, type Verdict } from "./verdict.ts";

/** One line of the table. */
export interface Row {
  readonly what: string;
  /** At most; undefined: reported only. */
  readonly target: number | undefined;
  readonly unit: string;
  /** undefined: not measured, and `note` says why. */
  readonly measured: Spread | undefined;
  readonly verdict: Verdict;
  readonly note?: string;
}

/** A row with a target. `floor`: what the floor took in the same rounds, where that tells how steady the machine was. */
export function judgedRow(
  what: string,
  { target, unit = "", floor, note }: { target: number; unit?: string; floor?: Spread; note?: string },
  measured: Spread,
): Row {
  return {
    what,
    target,
    unit,
    measured,
    verdict: judge(measured, target, floor),
    ...(note === undefined ? {} : { note }),
  };
}

export function reportedRow(what: string, unit: string, measured: Spread, note?: string): Row {
  return { what, target: undefined, unit, measured, verdict: "reported", ...(note === undefined ? {} : { note }) };
}

export function unmeasuredRow(what: string, target: number | undefined, unit: string, note: string): Row {
  return { what, target, unit, measured: undefined, verdict: "not measured", note };
}
