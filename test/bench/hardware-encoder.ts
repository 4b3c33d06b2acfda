/**
 * What recording through a V4L2 encoder costs beside the encoder itself, at 1456x1088 from dmabufs:
 * `bun test/bench/hardware-encoder.ts [--rounds 3] [--fps 60] [--pace as-fast-as-it-goes|real-time] [--json]`.
 *
 * The encoder is the tests' interposer in its cheapest mode (pictures that it coded before), and the CPU time of its
 * thread is taken off. Everything else of the process counts, the interposer's side of each ioctl included. The cost of
 * a frame is the slope between a short and a long recording, so that start and stop do not blur it. Measured twice: as
 * fast as frames go through, which is what each frame's work costs, and in real time, where most of the cost is waking a
 * process that was asleep.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { STATUS_PAYLOADS } from "../../src/protocol/statuses.ts";
import { m2mDevice } from "../support/m2m-device.ts";
import { percentile } from "../support/percentile.ts";
import { runTool } from "../support/run-tool.ts";
import type { Pace } from "./still-source.ts";
import { buildTicker } from "./ticker/ticker.ts";

const TARGET_US = 150;
const SECONDS: Record<Pace, { short: number; long: number }> = {
  "as-fast-as-it-goes": { short: 2, long: 8 },
  "real-time": { short: 5, long: 25 },
};

const Outcome = z.object({
  ledger: STATUS_PAYLOADS.recording_stopped.shape.ledger,
  zeroCopy: z.boolean(),
  copiedFrames: z.number(),
  cpuUs: z.number(),
});

interface Recording {
  readonly frames: number;
  readonly copied: number;
  readonly dropped: number;
  /** CPU time without the encoder's own. */
  readonly ownUs: number;
}

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    fps: { type: "string", default: "60" },
    pace: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const [rounds, frameRate] = [Number(values.rounds), Number(values.fps)];
const paces = (["as-fast-as-it-goes", "real-time"] as const).filter((pace) => pace === (values.pace ?? pace));
const say = (line: string) => (values.json ? undefined : console.log(line));

await buildTicker();
const recordings: Recording[] = [];
const costsUs: number[] = [];
for (const pace of paces) {
  const costs: number[] = [];
  for (let round = 1; round <= rounds; round++) costs.push(await costOfFrame(pace));
  costsUs.push(...costs);
  const [least, most] = [Math.min(...costs), Math.max(...costs)];
  say(
    `${pace.padEnd(20)} ${percentile(costs, 50).toFixed(1)} µs per frame (${least.toFixed(1)} to ${most.toFixed(1)})`,
  );
}
say(`target               at most ${TARGET_US} µs per frame, as fast as it goes`);
const sumOf = (of: (recording: Recording) => number) => recordings.reduce((sum, each) => sum + of(each), 0);
const [copied, dropped] = [sumOf((each) => each.copied), sumOf((each) => each.dropped)];
say(`frames               ${sumOf((each) => each.frames)} recorded, ${copied} copied, ${dropped} dropped`);
if (values.json) console.log(JSON.stringify({ costsUs, copied, dropped }));
// Whoever reads JSON reads of the copies as well.
process.exitCode = copied === 0 || values.json ? 0 : 1;

async function costOfFrame(pace: Pace): Promise<number> {
  const [short, long] = [await record(SECONDS[pace].short, pace), await record(SECONDS[pace].long, pace)];
  recordings.push(short, long);
  return (long.ownUs - short.ownUs) / (long.frames - short.frames);
}

async function record(seconds: number, pace: Pace): Promise<Recording> {
  using device = await m2mDevice({ canned: 1 });
  const variables = Object.entries(device.env).map(([name, value]) => `${name}=${value}`);
  const program = [process.execPath, join(import.meta.dir, "still-camera-program.ts")];
  const output = await runTool("env", ...variables, ...program, String(seconds), String(frameRate), pace);
  const { ledger, copiedFrames, cpuUs } = Outcome.parse(JSON.parse(Buffer.from(output).toString()));
  const [context] = (await device.report()).contexts;
  if (context === undefined) throw new Error("the encoder was not opened");
  return {
    frames: ledger.recorded,
    copied: copiedFrames,
    dropped: Object.values(ledger.dropped).reduce((sum, count) => sum + count, 0),
    ownUs: cpuUs - context.encoderCpuNs / 1000,
  };
}
