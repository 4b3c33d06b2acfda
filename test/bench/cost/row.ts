import type { Spread } from "./spread.ts";
import { judge, judgeCount, type Verdict } from "./verdict.ts";

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

/** What a row is to tell. */
export interface RowHead {
  readonly what: string;
  /** At most; absent: reported only. */
  readonly target?: number;
  readonly unit?: string;
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

/** A row that counts faults: one in any round is one. */
export function countedRow(
  what: string,
  { target = 0, unit = "", note }: { target?: number; unit?: string; note?: string },
  measured: Spread,
): Row {
  const verdict = judgeCount(measured, target);
  return { what, target, unit, measured, verdict, ...(note === undefined ? {} : { note }) };
}

export function reportedRow(what: string, unit: string, measured: Spread, note?: string): Row {
  return { what, target: undefined, unit, measured, verdict: "reported", ...(note === undefined ? {} : { note }) };
}

export function unmeasuredRow(what: string, target: number | undefined, unit: string, note: string): Row {
  return { what, target, unit, measured: undefined, verdict: "not measured", note };
}
