/**
 * How long a host waits for the program, against what it may take: `bun test/bench/dialogue.ts [--hours 1] [start] [commands]
 * [recordings] [hour]`; without names, all of them. `--hours`: so many recordings of an hour, each made as fast as it goes.
 * Exit code 1 where a target was not met: other work on the machine counts as the program's.
 */
import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { measureCommands } from "./dialogue/measure-commands.ts";
import { measureHour } from "./dialogue/measure-hour.ts";
import { measureRecordings } from "./dialogue/measure-recordings.ts";
import { measureStart } from "./dialogue/measure-start.ts";
import { isMet, tableOf } from "./dialogue/measure.ts";

const STARTS = 30;
const COMMANDS = 4000;
const REPEATS = 20;
const FRAME_RATE = 30;
const RECORDING = ["--source", "synthetic", "--size", "1456x1088", "--record-fps", String(FRAME_RATE)];

const { values, positionals } = parseArgs({
  options: { hours: { type: "string", default: "1" } },
  allowPositionals: true,
});
const hours = Number(values.hours);
if (!Number.isInteger(hours) || hours < 1) throw new Error(`--hours: got ${values.hours}, expected a whole number`);

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
