/**
 * What a camera's frames cost a module that shows them to nobody, and how long they take to reach JavaScript, at 1456x1088:
 * `bun test/bench/still-camera.ts [--seconds 20] [--fps 30] [--record] [--json]`. Recorded, libx264 works beside it.
 *
 * The camera is a stand-in: another process writes the time to a socket of this one, 30 times a second, which is what
 * libcamera's thread does. Its pictures are in memory already.
 */
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { CapturedFrame } from "../../src/capture/captured-frame.ts";
import type { FrameSourceEvents, StreamInfo } from "../../src/capture/frame-source.ts";
import { percentile } from "../support/percentile.ts";
import { RuntimeHost } from "../support/runtime-host.ts";
import { STILL_FORMAT, StillSource } from "./still-source.ts";
import { buildTicker } from "./ticker/ticker.ts";

/** Until what runs once, or seldom, has run. */
const WARM_UP_MS = 1500;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "20" },
    fps: { type: "string", default: "30" },
    record: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const [seconds, frameRate] = [Number(values.seconds), Number(values.fps)];
if (!(seconds > 0 && frameRate > 0)) throw new Error("--seconds and --fps: expected numbers above 0");

await buildTicker();
let latenciesUs: number[] = [];

/** Notes how old each frame is when JavaScript has it. */
class TimedSource extends StillSource {
  override async open(events: FrameSourceEvents): Promise<StreamInfo> {
    const onFrame = (frame: CapturedFrame) => {
      latenciesUs.push(Number(frame.monotonicNs - frame.sensorTimestampNs) / 1000);
      events.onFrame(frame);
    };
    return await super.open({ ...events, onFrame });
  }
}

const source = { format: STILL_FORMAT, frameRate, pace: "real-time", inDmabufs: false } as const;
await using host = new RuntimeHost({
  args: ["--record-fps", String(frameRate)],
  createSource: () => new TimedSource(source),
});
await host.assign();
if (values.record) await host.record();
await delay(WARM_UP_MS);
latenciesUs = [];
const before = process.cpuUsage();
await delay(seconds * 1000);
const { user, system } = process.cpuUsage(before);
const outcome = {
  frames: latenciesUs.length,
  cpuPercent: (user + system) / 1e4 / seconds,
  latenciesUs: { p50: percentile(latenciesUs, 50), p99: percentile(latenciesUs, 99) },
};
if (values.record) await host.expect("recording_stopped", "stop_recording");
if (values.json) console.log(JSON.stringify(outcome));
else {
  const { p50, p99 } = outcome.latenciesUs;
  console.log(`frames   ${outcome.frames} in ${seconds} s`);
  console.log(`CPU      ${outcome.cpuPercent.toFixed(2)} % of a core`);
  console.log(`latency  p50 ${p50.toFixed(0)} µs, p99 ${p99.toFixed(0)} µs`);
}
