/** Records a still camera for so long and prints what that took: `hardware-encoder.ts` runs it. */
import { setTimeout as delay } from "node:timers/promises";
import { openVideoEncoder } from "../../src/recording/encoders/open-video-encoder.ts";
import type { VideoEncoder } from "../../src/recording/video-encoder.ts";
import { RuntimeHost } from "../support/runtime-host.ts";
import { STILL_FORMAT, StillSource } from "./still-source.ts";

const [seconds, frameRate] = process.argv.slice(2, 4).map(Number);
const pace = process.argv[4] === "real-time" ? "real-time" : "as-fast-as-it-goes";
if (seconds === undefined || frameRate === undefined) throw new Error("expected SECONDS FRAMES_PER_SECOND [real-time]");

const format = STILL_FORMAT;
let encoder: VideoEncoder | undefined;
await using host = new RuntimeHost({
  args: ["--encoder", "v4l2m2m", "--record-fps", String(frameRate)],
  createSource: () => new StillSource({ format, frameRate, pace, inDmabufs: true }),
  openEncoder: async (...asked) => {
    const opened = await openVideoEncoder(...asked);
    ({ encoder } = opened);
    return opened;
  },
});
await host.assign();
const { zero_copy: zeroCopy } = await host.record();
const before = process.cpuUsage();
await delay(seconds * 1000);
const { ledger } = await host.expect("recording_stopped", "stop_recording");
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ ledger, zeroCopy, copiedFrames: encoder?.info.copiedFrames, cpuUs: user + system }));
