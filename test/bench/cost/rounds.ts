import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { VideoCodec } from "../../../src/recording/video-encoder.ts";
import type { Clip } from "./clip.ts";
import type { Contender, Job, Part, Run } from "./contender.ts";
import { lineThrough } from "./slope.ts";
import { Turns } from "./turns.ts";

/** What one contender took in one round: a short run and a long one. */
export interface Cost {
  readonly cpuMsPerFrame: number;
  readonly wallMsPerFrame: number;
  /** Below 0 where noise has it so: `startOf()` judges them. */
  readonly startCpuMs: number;
  readonly startWallMs: number;
  readonly peakBytes: number;
  /** ms per frame; undefined where it was not looked into. */
  readonly cpuMsByPart: Readonly<Record<Part, number>> | undefined;
}

/** One entry per round. */
export type Costs = Map<Contender, Cost[]>;

export interface RoundsOptions {
  readonly clip: Clip;
  readonly folder: string;
  readonly framesShort: number;
  readonly framesLong: number;
  readonly rounds: number;
  /** Of H.264; absent: SETTINGS'. */
  readonly bitrate?: number;
  /** Called before each round, with words for who waits. */
  readonly onRun: (sentence: string) => void;
}

/** Runs all contenders in every round, in turns of a second: what changes on the machine meets them all alike. */
export async function measureCosts(
  codec: VideoCodec,
  contenders: readonly Contender[],
  { framesShort, framesLong, rounds, onRun, ...given }: RoundsOptions,
): Promise<Costs> {
  const costs: Costs = new Map(contenders.map((contender) => [contender, []]));
  for (let round = 0; round < rounds; round++) {
    onRun(`round ${round + 1} of ${rounds}: ${codec}, ${contenders.map(({ name }) => name).join(", ")} in turns`);
    const turns = new Turns();
    const run = async (contender: Contender, frames: number): Promise<Run> =>
      await runInFolder(contender, { codec, frames, turns, ...given });
    const measured = contenders.map(async (contender) => {
      costs.get(contender)?.push(costOf(await run(contender, framesShort), await run(contender, framesLong)));
    });
    // Where one fails, the others come to their end first.
    await Promise.allSettled(measured);
    await Promise.all(measured);
  }
  return costs;
}

/** In a folder of its own, which is gone afterwards; `look` may see before what was written. */
export async function runInFolder(
  contender: Contender,
  job: Job,
  look: (run: Run) => void | Promise<void> = () => undefined,
): Promise<Run> {
  const folder = join(job.folder, contender.name);
  mkdirSync(folder);
  try {
    const run = await contender.run({ ...job, folder });
    await look(run);
    return run;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function costOf(short: Run, long: Run): Cost {
  const line = (amountOf: (run: Run) => number) =>
    lineThrough({ frames: short.frames, amount: amountOf(short) }, { frames: long.frames, amount: amountOf(long) });
  const [cpu, wall] = [line((run) => run.cpuMs), line((run) => run.wallMs)];
  return {
    cpuMsPerFrame: cpu.perFrame,
    wallMsPerFrame: wall.perFrame,
    startCpuMs: cpu.atStart,
    startWallMs: wall.atStart,
    peakBytes: long.peakBytes,
    cpuMsByPart: profileOf(short, long),
  };
}

function profileOf({ profile: short }: Run, { profile: long }: Run): Cost["cpuMsByPart"] {
  if (short === undefined || long === undefined) return undefined;
  const perFrame = (part: Part): number =>
    lineThrough({ frames: short.frames, amount: short.cpuMs[part] }, { frames: long.frames, amount: long.cpuMs[part] })
      .perFrame;
  return {
    JavaScript: perFrame("JavaScript"),
    encoder: perFrame("encoder"),
    files: perFrame("files"),
    engine: perFrame("engine"),
  };
}
