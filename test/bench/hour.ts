/**
 * Writes an hour of 60 frames/s through the recording's own writer, as fast as the disk takes it, and tells what its end
 * costs, and what `verify` and `repair` take afterwards: `bun test/bench/hour.ts [--samples 216000] [--directory DIR]`.
 * The pictures are small: media are neither copied nor read at the end.
 */
import { parseArgs } from "node:util";
import { REC709 } from "../../src/capture/stream-format.ts";
import { FragmentWriter } from "../../src/recording/fragment-writer.ts";
import { FragmentedMp4 } from "../../src/recording/mp4/fragmented-mp4.ts";
import { createRecordingFiles } from "../../src/recording/recording-files.ts";
import { TimingCsvFormatter } from "../../src/recording/timing-csv.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { encodeH264Video } from "../recording/mp4/encoded-video.ts";
import { programCommand } from "../support/module-process.ts";
import { peakMemoryBytes } from "../support/process-usage.ts";
import { unfinish } from "../support/unfinish.ts";

const { values } = parseArgs({
  options: { samples: { type: "string", default: "216000" }, directory: { type: "string" } },
});
const sampleCount = Number(values.samples);
const FRAME_NS = 16_666_667n;
const MINUTE_SAMPLES = 3600;

const { track, pictures } = encodeH264Video({ frames: 60, x264: "keyint=60:min-keyint=60:scenecut=0", colour: REC709 });
using directory = new TemporaryDirectory();
const sessionDir = values.directory ?? directory.file("session");
const files = await createRecordingFiles({ sessionDir, cameraLabel: "bench", trialNumber: 1 });
let written = 0;
const writer = new FragmentWriter(files, new TimingCsvFormatter(1, "picam:0", ""), 16_667, {
  onWritten: (frames) => void (written += frames.length),
  onLost: () => undefined,
  onFailure: (error) => {
    throw error;
  },
});
writer.begin(new FragmentedMp4(track), "{}\n");

const startMs = performance.now();
/** Resident after a collection: at this pace most of what is resident is garbage. */
const memory: number[] = [];
for (let index = 0; index < sampleCount; index++) {
  const picture = pictures[index % pictures.length];
  if (picture === undefined) throw new Error("no pictures");
  const elapsedNs = BigInt(index) * FRAME_NS + BigInt((index * 7919) % 40_009);
  const [sensorTimestampNs, monotonicNs] = [2n ** 53n + 1n + elapsedNs, 10n ** 12n + elapsedNs];
  const frame = { frameNumber: index, sensorTimestampNs, monotonicNs, realtimeNs: 17n * 10n ** 17n + elapsedNs };
  writer.add({ data: picture.data.slice(), isKey: picture.isKey, frame });
  while (index - written > 300) await Bun.sleep(0);
  if (index === MINUTE_SAMPLES || index === sampleCount - 1) memory.push(residentBytes());
}
while (sampleCount - written > 60) await Bun.sleep(1);
const writtenMs = performance.now();
let [longestMs, lastMs] = [0, writtenMs];
const ticking = setInterval(() => {
  const now = performance.now();
  [longestMs, lastMs] = [Math.max(longestMs, now - lastMs), now];
}, 1);
await writer.finish(undefined);
await files.metadata.finish(undefined);
const finishedMs = performance.now();
clearInterval(ticking);
longestMs = Math.max(longestMs, finishedMs - lastMs);

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const video = Bun.file(files.video.path);
console.log(`written  ${written} samples in ${((writtenMs - startMs) / 1000).toFixed(1)} s, ${megabytes(video.size)}`);
console.log(`memory   ${memory.map(megabytes).join(" after a minute, ")} after all`);
console.log(`finish   ${(finishedMs - writtenMs).toFixed(0)} ms, of which ${longestMs.toFixed(0)} ms in one piece`);
const head = Buffer.from(await video.slice(0, 64).arrayBuffer());
const reservedAt = head.readUInt32BE(0);
console.log(`moov     ${megabytes(video.size - reservedAt - Number(head.readBigUInt64BE(reservedAt + 8)))}`);
await run("verify");
unfinish(files.video.path);
await run("verify");
await run("repair");
await run("verify");

function residentBytes(): number {
  Bun.gc(true);
  return process.memoryUsage.rss();
}

async function run(command: string): Promise<void> {
  const before = performance.now();
  const child = Bun.spawn(programCommand([command, files.video.path]), { stdout: "pipe", stderr: "inherit" });
  const reading = child.stdout.text();
  // Not the resources that the system counts for a child: they begin with its parent's memory.
  let childBytes = 0;
  while (child.exitCode === null) {
    childBytes = Math.max(childBytes, peakMemory(child.pid));
    await Bun.sleep(10);
  }
  const milliseconds = performance.now() - before;
  const verdict = (await reading).trimEnd().split("\n").at(-1)?.replace(files.video.path, "").trim();
  console.log(
    `${command}   ${milliseconds.toFixed(0)} ms, ${megabytes(childBytes)}, exit code ${child.exitCode}: ${verdict}`,
  );
}

function peakMemory(pid: number): number {
  try {
    return peakMemoryBytes(pid);
  } catch {
    return 0; // it has ended
  }
}
