import { droppedFrames } from "./contenders/module.ts";
import type { ModuleCost, Trial } from "./modules.ts";
import { takenShare } from "./processor-load.ts";
import { countedRow, judgedRow, reportedRow, type Row, unmeasuredRow } from "./row.ts";
import { spreadOf } from "./spread.ts";
import { discounted } from "./verdict.ts";

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
  return [
    ...others.map(([count, rounds]) => dearerRow(count, rounds, alonePerFrame)),
    lostWithRoomRow(trials),
    ...shedRows(trials),
    ...accountRows(trials),
  ];
}

/** The dearest module of each round, beside the one alone in the same round. Judged where there was room for all. */
function dearerRow(count: number, rounds: readonly Trial[], alonePerFrame: readonly number[]): Row {
  const what = `CPU per frame, ${count} side by side ÷ alone`;
  const busy = spreadOf(rounds.map(({ busyShare }) => 100 * busyShare)).median.toFixed(0);
  const measured = rounds.map((trial, round) => ({
    trial,
    ratio: worstPerFrame(trial) / (alonePerFrame[round] ?? Number.NaN),
  }));
  const note = `the processors were busy for ${busy} %`;
  const withRoom = measured.filter(({ trial }) => hasRoom(trial));
  const ratiosOf = (some: typeof measured) => spreadOf(some.map(({ ratio }) => ratio));
  if (withRoom.length === 0) return reportedRow(what, "", ratiosOf(measured), `${note}: full`);
  return discountedFor(
    withRoom.filter(({ ratio }) => ratio > DEARER_MAX).map(({ trial }) => trial),
    judgedRow(what, { target: DEARER_MAX, note }, ratiosOf(withRoom)),
  );
}

/** Whatever was lost where there was room was not the processors' doing. */
function lostWithRoomRow(trials: Trials): Row {
  const what = "frames dropped, or missed by the camera, while there was room";
  const rounds = alongRounds(trials)
    .map((round) => round.filter(hasRoom))
    .filter((round) => round.length > 0);
  if (rounds.length === 0) return unmeasuredRow(what, 0, "", "the cores were always full");
  const lost = spreadOf(rounds.map((round) => round.reduce((sum, trial) => sum + lostFrames(trial), 0)));
  const note = `room: the processors were busy for ${100 * FULL_SHARE} % at most`;
  return discountedFor(
    rounds.flat().filter((trial) => lostFrames(trial) > 0),
    countedRow(what, { note }, lost),
  );
}

/** Of the rounds in which frames were dropped: the others can't show it. */
function shedRows(trials: Trials): Row[] {
  const rounds = alongRounds(trials)
    .map((round) => round.flatMap(({ modules }) => modules.filter(hasDropped)))
    .filter((dropping) => dropping.length > 0);
  const note = `of ${rounds.map(({ length }) => length).join(", ")} that dropped any`;
  const shed = (what: string, isWrong: (module: ModuleCost) => boolean): Row =>
    rounds.length === 0
      ? unmeasuredRow(what, 0, "", "no module dropped a frame")
      : countedRow(what, { note }, spreadOf(rounds.map((dropping) => dropping.filter(isWrong).length)));
  return [
    shed(`modules that made a preview of the ${SHED_FRAMES} frames before the first that they dropped`, hasShedLate),
    shed("modules that dropped frames and never said that they left out previews", hasNotSaidSo),
  ];
}

/** A busy machine excuses none of these. */
function accountRows(trials: Trials): Row[] {
  const rounds = alongRounds(trials).map((round) => round.flatMap(({ modules }) => modules));
  const frames = rounds.map((modules) => modules.reduce((sum, module) => sum + unaccountedFrames(module), 0));
  const unsound = rounds.map((modules) => modules.filter(({ isSound }) => !isSound).length);
  return [
    countedRow("frames that are in no column of the ledger, or dropped without a line", {}, spreadOf(frames)),
    countedRow("recordings that verify finds unsound", {}, spreadOf(unsound)),
  ];
}

/** All trials of each round. */
function alongRounds(trials: Trials): Trial[][] {
  const all = [...trials.values()];
  return (all[0] ?? []).map((_, round) => all.flatMap((rounds) => rounds[round] ?? []));
}

/** A target that is missed is missed if it is in one trial that others left alone. */
function discountedFor(missing: readonly Trial[], row: Row): Row {
  const [quietest] = missing.toSorted((a, b) => takenShare(a) - takenShare(b));
  return quietest === undefined ? row : { ...row, verdict: discounted(row.verdict, quietest) };
}

function hasRoom({ busyShare }: Trial): boolean {
  return busyShare <= FULL_SHARE;
}

function lostFrames({ modules }: Trial): number {
  return modules.reduce((sum, { ledger }) => sum + droppedFrames(ledger) + ledger.sensor_gaps.missing_frames, 0);
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
