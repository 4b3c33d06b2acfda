/**
 * What our code on libcamera's thread takes of that thread's CPU time, for each frame:
 * `bun test/bench/camera-thread.ts [--seconds 20] [--fps 120] [--bad-every 0] [--json]`.
 *
 * The thread, its signal, the metadata and the buffers are libcamera's, and what the signal calls are the objects of
 * libcsi_camera.so; the camera, its requests' constructor and its keeper are stand-ins (camera-thread/main.cpp).
 * `--bad-every`: each so-manieth request does not become a frame. The clock's own reading is in each number.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { percentile } from "../support/percentile.ts";
import { runTool } from "../support/run-tool.ts";
import { CameraThreadTimes } from "./camera-thread/times.ts";

const SHIM = join(import.meta.dir, "../../shim");
const TARGET_US = 20;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "20" },
    fps: { type: "string", default: "120" },
    "bad-every": { type: "string", default: "0" },
    json: { type: "boolean", default: false },
  },
});
const [seconds, frameRate, badEvery] = [Number(values.seconds), Number(values.fps), Number(values["bad-every"])];
if (!(seconds > 0 && frameRate >= 1)) throw new Error("--seconds and --fps: expected numbers above 0");

await runTool("flock", join(SHIM, "Makefile"), "make", "-C", SHIM, "-s", "camera-thread");
const numbers = [Math.round(seconds * frameRate), frameRate, badEvery].map(String);
const output = await runTool(join(SHIM, "build/test/bench-camera-thread"), ...numbers);
const { goodNs, badNs, wakeNs, clockNs } = CameraThreadTimes.parse(JSON.parse(Buffer.from(output).toString()));

const outcome = {
  frame: summary(goodNs),
  badFrame: summary(badNs),
  wakeAlone: summary(wakeNs),
  clockAlone: summary(clockNs),
};
if (values.json) console.log(JSON.stringify(outcome));
else {
  for (const [name, { count, p50Us, p99Us, mostUs }] of Object.entries(outcome)) {
    const figures = `p50 ${p50Us.toFixed(1)} µs, p99 ${p99Us.toFixed(1)} µs, most ${mostUs.toFixed(1)} µs`;
    if (count > 0) console.log(`${name.padEnd(11)} ${figures} (${count})`);
  }
  console.log(`target      p99 of a frame at most ${TARGET_US} µs`);
}

function summary(timesNs: readonly number[]) {
  const count = timesNs.length;
  const us = (percent: number) => (count === 0 ? 0 : percentile(timesNs, percent) / 1000);
  return { count, p50Us: us(50), p99Us: us(99), mostUs: us(100) };
}
