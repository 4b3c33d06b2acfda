/**
 * Records made-up frames of 320x240 with the times of a camera of 60 frames/s, as fast as they are encoded and written:
 * `bun recording-program.ts MINUTES DIRECTORY`. After every ten seconds of frames it collects its garbage, prints a line
 * and waits for one; at the end it prints what was recorded, as JSON.
 */
import { readLines } from "../../src/protocol/line-reader.ts";
import { RuntimeHost } from "../support/runtime-host.ts";
import { ManualSource } from "../support/manual-source.ts";

const FRAME_RATE = 60;

const [minutes, sessionDir] = [Number(process.argv[2]), process.argv[3]];
if (!(minutes > 0) || sessionDir === undefined) throw new Error("expected MINUTES DIRECTORY");

await using host = new RuntimeHost({
  args: ["--record-fps", String(FRAME_RATE)],
  newSource: () => new ManualSource({ width: 320, height: 240, frameRate: FRAME_RATE, isAutomatic: true }),
});
await host.assign();
const { video_path: video } = await host.record({ session_dir: sessionDir });
const requests = readLines(Bun.stdin.stream());
for (let seconds = 10; seconds <= minutes * 60; seconds += 10) {
  await host.source.deliverAll(10 * FRAME_RATE);
  // At this pace most of what is resident is garbage, and when it is collected is not ours to say.
  Bun.gc(true);
  process.stdout.write(`${JSON.stringify({ seconds })}\n`);
  await requests.next();
}
const { ledger } = await host.expect("recording_stopped", "stop_recording");
process.stdout.write(`${JSON.stringify({ video, ledger })}\n`);
