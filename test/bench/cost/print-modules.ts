import { availableParallelism } from "node:os";
import { droppedFrames } from "./contenders/module.ts";
import { describeMachine } from "./machine.ts";
import { moduleRows } from "./module-rows.ts";
import { type ModuleCost, PREVIEW_RATE, RATE, sideBySide, type Trial } from "./modules.ts";
import type { BenchOptions } from "./options.ts";
import { RunFolder } from "./run-folder.ts";
import { targetTable, textTable } from "./table.ts";
import { describeVersions } from "./versions.ts";

const ROUNDS = 3;
/** Room for what a module records in a second. */
const BYTES_PER_SECOND = 2e6;
/** Modules that ask for so many times what there are processors can't all have their frames recorded. */
const OVERLOAD = 1.4;
/** Each takes some 200 MB. */
const MODULES_MAX = 32;

const HEAD = [
  ...["modules", "round", "", "captured", "recorded", "dropped", "not captured", "CPU ms/frame"],
  ...[
    "previews/s",
    "left out",
    "told at s",
    "first drop at s",
    "frames since preview",
    "drop lines",
    "verify",
    "peak MB",
  ],
];

/** One module, so many side by side as are asked for, and if they leave room as many as do not. */
export async function printModules(asked: readonly number[], { seconds, json }: BenchOptions): Promise<void> {
  const [machine, versions, startedAt] = [describeMachine(), describeVersions(), new Date().toISOString()];
  const trials = new Map<number, Trial[]>();
  for (let round = 0; round < ROUNDS; round++) {
    const counts = round === 0 ? new Set([1, ...asked]) : new Set(trials.keys());
    for (const count of counts) {
      console.error(`round ${round + 1} of ${ROUNDS}: ${count} side by side`);
      using folder = new RunFolder(count * seconds * BYTES_PER_SECOND);
      const trial = await sideBySide(count, folder.path, seconds);
      trials.set(count, [...(trials.get(count) ?? []), trial]);
      if (round === 0 && count === 1) counts.add(Math.max(...counts, tooMany(trial)));
    }
  }
  const rows = moduleRows(trials);
  if (json) {
    console.log(
      JSON.stringify({ machine, versions, startedAt, seconds, trials: Object.fromEntries(trials), rows }, undefined, 2),
    );
    return;
  }
  console.log(`${machine}; ${startedAt}\n${versions}`);
  console.log(
    `  ${ROUNDS} rounds; each records H.264 1456x1088 at ${RATE} frames/s for ${seconds} s, with one viewer who`,
  );
  console.log(`  wants ${PREVIEW_RATE} previews/s\n\n${loadTable(trials)}\n`);
  const lines = [...trials].flatMap(([count, rounds]) =>
    rounds.flatMap(({ modules }, round) => modules.map((module, index) => line([count, round, index], module))),
  );
  console.log(`${textTable([HEAD, ...lines])}\n\n${targetTable(rows)}`);
}

/** What the processors did in each trial. */
function loadTable(trials: ReadonlyMap<number, readonly Trial[]>): string {
  const lines = [...trials].flatMap(([count, rounds]) =>
    rounds.map(({ busyShare, othersShare, stolenShare }, round) => [
      ...[String(count), String(round + 1)],
      ...[busyShare, othersShare, stolenShare].map((share) => (100 * share).toFixed(1)),
    ]),
  );
  return textTable([["modules", "round", "busy %", "other programs %", "other machines (steal) %"], ...lines]);
}

function tooMany({ modules }: Trial): number {
  const cores = (RATE * (modules[0]?.cpuMsPerFrame ?? 0)) / 1000;
  return Math.min(MODULES_MAX, Math.ceil((OVERLOAD * availableParallelism()) / cores));
}

function line([count, round, index]: readonly [number, number, number], module: ModuleCost): string[] {
  const { ledger } = module;
  return [
    ...(index === 0 ? [String(count), String(round + 1)] : ["", ""]),
    `#${index + 1}`,
    ...[ledger.captured, ledger.recorded].map(String),
    droppedFrames(ledger) === 0 ? "0" : JSON.stringify(ledger.dropped),
    String(ledger.sensor_gaps.missing_frames),
    module.cpuMsPerFrame.toFixed(2),
    module.previewsPerSecond.toFixed(1),
    String(module.previewsLeftOut),
    ...[module.toldAtSeconds, module.droppedAtSeconds].map((at) => at?.toFixed(1) ?? ""),
    String(module.framesSincePreview ?? ""),
    String(module.dropLines),
    module.isSound ? "sound" : "NOT SOUND",
    (module.peakBytes / 1e6).toFixed(0),
  ];
}
