import { judgedRow, type Row } from "../cost/row.ts";
import { combined, type Spread, spreadOf } from "../cost/spread.ts";
import { byRound, type Sample } from "./sample.ts";
import { type StraightLine, straightLine } from "./straight-line.ts";

/** How far a point may be from a straight line, as a part of what it is. */
const DEVIATION_PERCENT_MAX = 10;

/** Of one codec along one axis, one line for each round. */
export interface Lines {
  /** The module's CPU time. */
  readonly module: readonly StraightLine[];
  /** The floor's. */
  readonly floor: readonly StraightLine[];
  /** The module's peak memory, bytes. */
  readonly memory: readonly StraightLine[];
}

export function linesOf(samples: readonly Sample[]): Lines {
  const through = (name: Sample["contender"], amountOf: (sample: Sample) => number): StraightLine[] =>
    byRound(samples.filter(({ contender }) => contender === name)).map((round) =>
      straightLine(round.map((sample) => ({ at: sample.at, amount: amountOf(sample) }))),
    );
  return {
    module: through("module", ({ cpuMs }) => cpuMs),
    floor: through("floor", ({ cpuMs }) => cpuMs),
    memory: through("module", ({ peakBytes }) => peakBytes),
  };
}

/** Of one number of each round's line. */
export function spreadOfLines(lines: readonly StraightLine[], numberOf: (line: StraightLine) => number): Spread {
  return spreadOf(lines.map(numberOf));
}

/** Of what the module's and the floor's lines of one round make. */
export function spreadOfBoth(
  { module, floor }: Lines,
  numberOf: (line: StraightLine) => number,
  combine: (ours: number, theirs: number) => number,
): Spread {
  return spreadOf(combined(module.map(numberOf), floor.map(numberOf), combine));
}

export function slopeOf({ slope }: StraightLine): number {
  return slope;
}

/** Whether the module's CPU time is a straight line. `what`: over what. */
export function straightRow(what: string, lines: Lines): Row {
  const note = `${fit(lines.module)}; the floor is off by ${farthest(lines.floor)}`;
  return judgedRow(
    `${what}: off a straight line`,
    { target: DEVIATION_PERCENT_MAX, unit: "%", floor: spreadOfLines(lines.floor, slopeOf), note },
    spreadOfLines(lines.module, ({ deviation }) => 100 * deviation),
  );
}

/** How straight lines are, in words. */
export function straightness(lines: readonly StraightLine[]): string {
  return `off a straight line by ${farthest(lines)}, ${fit(lines)}`;
}

function farthest(lines: readonly StraightLine[]): string {
  return `${spreadOfLines(lines, ({ deviation }) => 100 * deviation).median.toFixed(1)} %`;
}

function fit(lines: readonly StraightLine[]): string {
  return `R² ${spreadOfLines(lines, ({ rSquared }) => rSquared).median.toFixed(4)}`;
}
