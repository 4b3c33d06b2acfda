/**
 * What recording through a V4L2 encoder costs beside the encoder itself, at 1456x1088 from dmabufs:
 * `bun test/bench/hardware-encoder.ts [--rounds 3] [--fps 60]`.
 *
 * The encoder is the tests' interposer in its cheapest mode (pictures that it coded before), and the CPU time of its
 * thread is taken off. Everything else of the process counts, its ioctls and the pacing of the frames included. The
 * cost of a frame is the slope between a short and a long recording, so that start and stop do not blur it.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { STATUS_PAYLOADS } from "../../src/protocol/statuses.ts";
import { m2mDevice } from "../support/m2m-device.ts";
import { percentile } from "../support/percentile.ts";
import { runTool } from "../support/run-tool.ts";

const TARGET_US = 150;
const SHORT_SECONDS = 5;
const LONG_SECONDS = 25;

const Outcome = z.object({
  ledger: STATUS_PAYLOADS.recording_stopped.shape.ledger,
  zeroCopy: z.boolean(),
  copiedFrames: z.number(),
  cpuUs: z.number(),
});

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "3" }, fps: { type: "string", default: "60" } },
});
const [rounds, frameRate] = [Number(values.rounds), Number(values.fps)];

const costs: number[] = [];
let [recorded, copied, lost] = [0, 0, 0];
for (let round = 1; round <= rounds; round++) {
  const [short, long] = [await measure(SHORT_SECONDS), await measure(LONG_SECONDS)];
  const costUs = (long.ownUs - short.ownUs) / (long.frames - short.frames);
  console.log(`round ${round}: ${costUs.toFixed(1)} µs per frame over ${long.frames - short.frames} frames`);
  costs.push(costUs);
}
console.log(
  `ours per frame   median ${percentile(costs, 50).toFixed(1)} µs, ${Math.min(...costs).toFixed(1)} to ` +
    `${Math.max(...costs).toFixed(1)} (target: at most ${TARGET_US})`,
);
console.log(`frames           ${recorded} recorded at ${frameRate} frames/s, ${copied} copied, ${lost} not recorded`);
process.exitCode = copied === 0 && lost === 0 ? 0 : 1;

/** CPU time of a recording without the encoder's own. */
async function measure(seconds: number): Promise<{ frames: number; ownUs: number }> {
  using device = await m2mDevice({ canned: 1 });
  const program = join(import.meta.dir, "still-camera-program.ts");
  const frames = String(seconds * frameRate);
  const output = await runTool("env", ...environment(device.env), process.execPath, program, frames, String(frameRate));
  const { ledger, copiedFrames, cpuUs } = Outcome.parse(JSON.parse(Buffer.from(output).toString()));
  const [context] = (await device.report()).contexts;
  if (context === undefined) throw new Error("the encoder was not opened");
  recorded += ledger.recorded;
  copied += copiedFrames;
  lost += ledger.captured - ledger.recorded + ledger.sensor_gaps.missing_frames;
  return { frames: ledger.recorded, ownUs: cpuUs - context.encoderCpuNs / 1000 };
}

function environment(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).map(([name, value]) => `${name}=${value}`);
}
