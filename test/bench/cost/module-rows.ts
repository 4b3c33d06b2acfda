import { droppedFrames } from "./contenders/module.ts";
import type { ModuleCost, Trial } from "./modules.ts";
import { judgedRow, reportedRow, type Row, unmeasuredRow } from "./row.ts";
import { spreadOf } from "./spread.ts";

/** Trials by how many modules were side by side, one for each round; the first is one module alone. */
export type Trials = ReadonlyMap<number, readonly Trial[]>;

/** What a frame may cost more with others beside it, as long as there is room for all. */
const DEARER_MAX = 1.1;
/** Of all processors' time: beyond, there is no room. */
const FULL_SHARE = 0.9;
/** Of 24 buffers, previews are made while 12 are in use at most, and frames are dropped when 22 are. */
const SHED_FRAMES = 10;

/** What is to hold of modules side by side. */
export function moduleRows(trials: Trials): Row[] {
  const [alone, ...others] = [...trials];
  if (alone === undefined) return [];
  const alonePerFrame = alone[1].map(worstPerFrame);
  return [...others.map(([count, rounds]) => dearerRow(count, rounds, alonePerFrame)), ...accountRows(trials)];
}

/** The dearest module of each round, beside the one alone in the same round. */
function dearerRow(count: number, rounds: readonly Trial[], alonePerFrame: readonly number[]): Row {
  const what = `CPU per frame, ${count} side by side ÷ alone`;
  const busy = spreadOf(rounds.map(({ busyShare }) => 100 * busyShare)).median.toFixed(0);
  const ratios = spreadOf(rounds.map((trial, round) => worstPerFrame(trial) / (alonePerFrame[round] ?? Number.NaN)));
  const note = `the processors were busy for ${busy} %`;
  const isFull = rounds.some(({ busyShare, modules }) => busyShare > FULL_SHARE || modules.some(hasDropped));
  return isFull
    ? reportedRow(what, "", ratios, `${note}: full`)
    : judgedRow(what, { target: DEARER_MAX, note }, ratios);
}

function accountRows(trials: Trials): Row[] {
  const rounds = alongRounds(trials);
  const counted = (isWrong: (module: ModuleCost) => boolean) =>
    spreadOf(rounds.map((modules) => modules.filter(isWrong).length));
  const frames = spreadOf(rounds.map((modules) => modules.reduce((sum, module) => sum + unaccountedFrames(module), 0)));
  const dropping = rounds.map((modules) => modules.filter(hasDropped).length);
  const note = `of ${dropping.join(", ")} that dropped any`;
  const shed = (what: string, isWrong: (module: ModuleCost) => boolean): Row =>
    Math.min(...dropping) === 0
      ? unmeasuredRow(what, 0, "", "no module dropped a frame: the cores were never full")
      : judgedRow(
          what,
          { target: 0, note },
          counted((module) => hasDropped(module) && isWrong(module)),
        );
  return [
    shed(`modules that made a preview of the ${SHED_FRAMES} frames before the first that they dropped`, hasShedLate),
    shed("modules that dropped frames and never said that they left out previews", hasNotSaidSo),
    judgedRow("frames that are in no column of the ledger, or dropped without a line", { target: 0 }, frames),
    judgedRow(
      "recordings that verify finds unsound",
      { target: 0 },
      counted(({ isSound }) => !isSound),
    ),
  ];
}

/** All modules of each round. */
function alongRounds(trials: Trials): ModuleCost[][] {
  const all = [...trials.values()];
  return (all[0] ?? []).map((_, round) => all.flatMap((rounds) => rounds[round]?.modules ?? []));
}

function worstPerFrame({ modules }: Trial): number {
  return Math.max(...modules.map(({ cpuMsPerFrame }) => cpuMsPerFrame));
}

function hasDropped({ ledger }: ModuleCost): boolean {
  return droppedFrames(ledger) > 0;
}

function hasShedLate({ framesSincePreview }: ModuleCost): boolean {
  return framesSincePreview !== null && framesSincePreview <= SHED_FRAMES;
}

function hasNotSaidSo({ toldAtSeconds, previewsLeftOut }: ModuleCost): boolean {
  return toldAtSeconds === null || previewsLeftOut === 0;
}

function unaccountedFrames({ ledger, dropLines }: ModuleCost): number {
  const { captured, recorded, skipped_by_rate_gate: skipped } = ledger;
  const dropped = droppedFrames(ledger);
  return Math.abs(captured - recorded - skipped - dropped) + Math.abs(dropped - dropLines);
}
