/**
 * How long a host waits for the program, against what it may take: `bun test/bench/dialogue.ts [--hours 1] [start] [commands]
 * [recordings] [hour]`; without names, all of them. `--hours`: so many recordings of an hour, each made as fast as it goes.
 * Exit code 1 where a target was not met: other work on the machine counts as the program's.
 */
import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { pictureBytes } from "../../src/capture/buffer-pool.ts";
import { clipFormat, makeClip } from "./cost/clip.ts";
import { RunFolder } from "./cost/run-folder.ts";
import { measureCommands } from "./dialogue/measure-commands.ts";
import { measureHour } from "./dialogue/measure-hour.ts";
import { measureRecordings } from "./dialogue/measure-recordings.ts";
import { measureStart } from "./dialogue/measure-start.ts";
import { isMet, tableOf } from "./dialogue/measure.ts";

const STARTS = 30;
const COMMANDS = 4000;
const REPEATS = 20;
const FRAME_RATE = 30;
const FORMAT = clipFormat(1456, 1088, 1536);
const CLIP_FRAMES = 30;

const { values, positionals } = parseArgs({
  options: { hours: { type: "string", default: "1" } },
  allowPositionals: true,
});
const hours = Number(values.hours);
if (!Number.isInteger(hours) || hours < 1) throw new Error(`--hours: got ${values.hours}, expected a whole number`);

// A file's pictures come from another thread, as a camera's do; the synthetic camera paints its own on the thread that answers.
using folder = new RunFolder(CLIP_FRAMES * pictureBytes(FORMAT));
const clip = await makeClip(folder.file("clip.yuv"), FORMAT, CLIP_FRAMES);
const RECORDING = ["--source", `replay:${clip.path},1456x1088,stride=1536`, "--record-fps", String(FRAME_RATE)];

const parts = {
  start: () => measureStart(STARTS),
  commands: () => measureCommands(COMMANDS, RECORDING),
  recordings: () => measureRecordings(REPEATS, RECORDING, FRAME_RATE),
  hour: () => measureHour(hours, console.log),
};
const unknown = positionals.find((name) => !Object.hasOwn(parts, name));
if (unknown !== undefined) throw new Error(`got ${unknown}, expected of ${Object.keys(parts).join(", ")}`);

const measures = [];
tellLoad("before");
for (const [name, measure] of Object.entries(parts)) {
  if (positionals.length === 0 || positionals.includes(name)) measures.push(...(await measure()));
}
tellLoad("after");
console.log(tableOf(measures));
process.exitCode = measures.every((measure) => isMet(measure) !== false) ? 0 : 1;

function tellLoad(when: string): void {
  const [load = 0] = loadavg();
  console.log(`${when}: load ${load.toFixed(1)} on ${availableParallelism()} processors`);
}
