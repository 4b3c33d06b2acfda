import type { VideoCodec } from "../../../src/recording/video-encoder.ts";
import { attempt, reasonOf } from "./attempt.ts";
import { type Clip, clipFormat, makeClip } from "./clip.ts";
import type { Contender } from "./contender.ts";
import { ffmpeg } from "./contenders/ffmpeg.ts";
import { buildFloor, floor } from "./contenders/floor.ts";
import { gstreamer } from "./contenders/gstreamer.ts";
import { module } from "./contenders/module.ts";
import { encoderHeads, encoderRows } from "./encoder-rows.ts";
import { compareWork } from "./likeness.ts";
import { describeMachine } from "./machine.ts";
import { countInstructions, type InstructionRow, instructionTable } from "./instructions.ts";
import type { BenchOptions, RowGroup } from "./options.ts";
import { OTHER_ROUNDS, otherRows } from "./other-rows.ts";
import { ProcessorLoad, type TakenByOthers, takenWords } from "./processor-load.ts";
import { type Costs, measureCosts } from "./rounds.ts";
import type { Row } from "./row.ts";
import { RunFolder } from "./run-folder.ts";
import { relativeWidth, spreadOf } from "./spread.ts";
import { startOf } from "./start.ts";
import { costTable, profileTable, targetTable } from "./table.ts";
import { discounted } from "./verdict.ts";
import { describeVersions } from "./versions.ts";

const CLIP_FRAMES = 300;
const FORMAT = clipFormat(1456, 1088, 1536);
const CLIP_BYTES = CLIP_FRAMES * 2_506_752;
/** Of the runs that are compared for likeness. */
const LOOK_FRAMES = 60;

export interface Outcome {
  readonly machine: string;
  readonly versions: string;
  readonly startedAt: string;
  readonly notes: readonly string[];
  readonly taken: TakenByOthers;
  readonly costs: ReadonlyMap<VideoCodec, Costs>;
  readonly rows: readonly Row[];
  readonly instructions: readonly InstructionRow[];
}

export async function measureAll(options: BenchOptions): Promise<Outcome> {
  const head = { machine: describeMachine(), versions: describeVersions(), startedAt: new Date().toISOString() };
  // The clip and three recordings of it, of which none is larger.
  using folder = new RunFolder(4 * CLIP_BYTES);
  const costs = new Map<VideoCodec, Costs>();
  const rows: Row[] = [];
  const load = new ProcessorLoad();
  const { rounds, framesShort, framesLong, seconds } = options;
  const notes = [
    `encoders: ${rounds} rounds of ${framesShort} and ${framesLong} frames; others: ${OTHER_ROUNDS} rounds, ${seconds} s in real time`,
    `files lie in ${folder.isInMemory ? "memory" : "the temporary folder, cached by the system"}`,
  ];
  const isWanted = (group: RowGroup) => options.rows === "all" || options.rows === group;
  if (isWanted("encoders")) {
    await buildFloor();
    const clip = await makeClip(folder.file("clip.yuv"), FORMAT, CLIP_FRAMES);
    for (const codec of options.codecs) {
      const measure = async (): Promise<Row[]> => {
        notes.push(...(await compareWork(contenders(), { codec, clip, frames: LOOK_FRAMES, folder: folder.path })));
        const measured = await measureCodec(codec, clip, folder, options);
        costs.set(codec, measured);
        notes.push(steadiness(codec, measured));
        return encoderRows(codec, measured);
      };
      rows.push(...(await attempt(encoderHeads(codec), measure)));
    }
  }
  if (isWanted("others")) rows.push(...(await otherRows(folder.path, options, progress)));
  const instructions: InstructionRow[] = [];
  if (isWanted("instructions")) {
    try {
      instructions.push(...(await countInstructions(folder, progress)));
    } catch (error) {
      notes.push(`instructions were not counted: ${reasonOf(error)}`);
    }
  }
  const taken = load.taken();
  notes.push(takenWords(taken));
  const judged = rows.map((row) => ({ ...row, verdict: discounted(row.verdict, taken) }));
  return { ...head, notes, taken, costs, rows: judged, instructions };
}

export function printAll(outcome: Outcome, { json }: BenchOptions): void {
  const { costs, rows, instructions, ...head } = outcome;
  if (json) {
    const rounds = [...costs].flatMap(([codec, all]) =>
      [...all].map(([{ name }, each]) => ({ codec, contender: name, start: startOf(each), rounds: each })),
    );
    console.log(JSON.stringify({ ...head, costs: rounds, rows, instructions }, undefined, 2));
    return;
  }
  console.log(`${head.machine}; ${head.startedAt}\n${head.versions}`);
  for (const note of head.notes) console.log(`  ${note}`);
  if (costs.size > 0) console.log(`\n${costTable(costs)}\n\n${profileTable(costs)}`);
  if (rows.length > 0) console.log(`\n${targetTable(rows)}`);
  if (instructions.length > 0) console.log(`\n${instructionTable(instructions)}`);
}

function steadiness(codec: VideoCodec, costs: Costs): string {
  const took = spreadOf(costs.get(floor)?.map((cost) => cost.cpuMsPerFrame) ?? []);
  const width = `${(100 * relativeWidth(took)).toFixed(1)} %`;
  return `${codec}: the floor varied by ${width} from round to round`;
}

async function measureCodec(
  codec: VideoCodec,
  clip: Clip,
  folder: RunFolder,
  { framesShort, framesLong, rounds }: BenchOptions,
): Promise<Costs> {
  const lengths = { framesShort, framesLong, rounds };
  return await measureCosts(codec, contenders(), { clip, folder: folder.path, ...lengths, onRun: progress });
}

function contenders(): Contender[] {
  return [floor, module, ffmpeg, gstreamer].filter(({ missing }) => missing === undefined);
}

/** On stderr: stdout is for what was measured. */
function progress(sentence: string): void {
  console.error(sentence);
}
