/**
 * Records 1456x1088 at 30 frames/s from the synthetic source through the real program and tells what it cost:
 * `bun test/bench/two-minutes.ts [--seconds 120] [-- options of the program]`. Exit code 1 where a frame was dropped,
 * the sensor's frames were lost for want of buffers, or `verify` objects.
 */
import { parseArgs } from "node:util";
import { setTimeout as delay } from "node:timers/promises";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { percentile } from "../support/percentile.ts";
import { cpuSeconds, peakMemoryBytes } from "../support/process-usage.ts";
import { assign, startRecording } from "../support/record.ts";
import { verdictOn } from "../support/run-program.ts";
import { readTimingFile } from "../support/timing-file.ts";

const { values, positionals } = parseArgs({
  options: { seconds: { type: "string", default: "120" } },
  allowPositionals: true,
});
const seconds = Number(values.seconds);
if (!(seconds > 0)) throw new Error(`--seconds: got ${values.seconds}, expected a number above 0`);

using directory = new TemporaryDirectory();
await using host = new ModuleProcess([
  "--source",
  "synthetic",
  "--size",
  "1456x1088",
  "--record-fps",
  "30",
  ...positionals,
]);
await assign(host);
const recording = await startRecording(host, directory.path);
const [startMs, startCpu] = [performance.now(), cpuSeconds(host.pid)];
await delay(seconds * 1000);
const { ledger } = expectPayload(await host.ask("stop_recording"), "recording_stopped");
const [wallSeconds, usedCpu] = [(performance.now() - startMs) / 1000, cpuSeconds(host.pid) - startCpu];
const peakBytes = peakMemoryBytes(host.pid);
expectPayload(await host.ask("quit"), "quitting");

const { captured, recorded, dropped, sensor_gaps: gaps } = ledger;
const droppedFrames = Object.values(dropped).reduce((sum, count) => sum + count, 0);
const latenciesMs = readTimingFile(recording.timing).rows.map(({ recordTimeMono, sensorTimestampNs }) => {
  return Number(BigInt(recordTimeMono.replace(".", "")) - sensorTimestampNs) / 1e6;
});
const verdict = await verdictOn(recording.video);
const latency = [50, 95, 99, 100].map((percent) => `p${percent} ${percentile(latenciesMs, percent).toFixed(2)} ms`);

console.log(`frames   ${captured} captured, ${recorded} recorded, ${droppedFrames} dropped ${JSON.stringify(dropped)}`);
console.log(`gaps     ${gaps.gaps} (${gaps.missing_frames} frames)`);
console.log(`time     ${wallSeconds.toFixed(1)} s, ${(recorded / wallSeconds).toFixed(2)} frames/s`);
console.log(
  `CPU      ${((usedCpu / captured) * 1000).toFixed(2)} ms per frame, ${((usedCpu / wallSeconds) * 100).toFixed(0)} % of a core`,
);
console.log(`memory   ${(peakBytes / 1e6).toFixed(0)} MB at most`);
console.log(`arrival  ${latency.join(", ")} after the sensor's time`);
console.log(`size     ${(Bun.file(recording.video).size / 1e6).toFixed(1)} MB`);
console.log(`verify   ${verdict.stdout.trimEnd()}`);
process.exitCode = droppedFrames === 0 && gaps.missing_frames === 0 && verdict.exitCode === 0 ? 0 : 1;
