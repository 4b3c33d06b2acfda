/**
 * Writes an hour of 60 frames/s through the recording's own writer, as fast as the disk takes it, and tells what its end
 * costs, and what `verify` and `repair` take afterwards: `bun test/bench/hour.ts [--samples 216000] [--directory DIR]`.
 * The pictures are small: media are neither copied nor read at the end. The recording says that as many frames were dropped
 * as were recorded, and lists them.
 */
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { REC709 } from "../../src/capture/stream-format.ts";
import { formatFrameDrop } from "../../src/log/frame-drop-log.ts";
import { FragmentWriter } from "../../src/recording/fragment-writer.ts";
import { FragmentedMp4 } from "../../src/recording/mp4/fragmented-mp4.ts";
import { createRecordingFiles } from "../../src/recording/recording-files.ts";
import { TimingCsvFormatter } from "../../src/recording/timing-csv.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { encodeH264Video } from "../recording/mp4/encoded-video.ts";
import { programCommand } from "../support/module-process.ts";
import { cpuSeconds, peakMemoryBytes } from "../support/process-usage.ts";
import { unfinish } from "../support/unfinish.ts";
import {
  beginningOf,
  changed,
  describe60Fps,
  metadataBox,
  toBytes,
  withCaptured,
} from "../verify/describe-recording.ts";

const { values } = parseArgs({
  options: { samples: { type: "string", default: "216000" }, directory: { type: "string" } },
});
const sampleCount = Number(values.samples);
const FRAME_NS = 16_666_667n;
const MINUTE_SAMPLES = 3600;

const video = encodeH264Video({ frames: 60, x264: "keyint=60:min-keyint=60:scenecut=0", colour: REC709 });
const { track, pictures } = video;
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
const elapsedNs = (index: number): bigint => BigInt(index) * FRAME_NS + BigInt((index * 7919) % 40_009);
const sensorNs = (index: number): bigint => 2n ** 53n + 1n + elapsedNs(index);
const stem = basename(files.video.path, ".mp4");
const begun = toBytes(beginningOf(describe60Fps(video, [sensorNs(0)], stem))).toString();
writer.begin(new FragmentedMp4(track, metadataBox(begun)), begun);

const startMs = performance.now();
/** Resident after a collection: at this pace most of what is resident is garbage. */
const memory: number[] = [];
for (let index = 0; index < sampleCount; index++) {
  const picture = pictures[index % pictures.length];
  if (picture === undefined) throw new Error("no pictures");
  const times = { monotonicNs: 10n ** 12n + elapsedNs(index), realtimeNs: 17n * 10n ** 17n + elapsedNs(index) };
  const frame = { frameNumber: index, sensorTimestampNs: sensorNs(index), ...times };
  writer.add({ data: picture.data.slice(), isKey: picture.isKey, frame });
  while (index - written > 300) await Bun.sleep(0);
  if (index === MINUTE_SAMPLES || index === sampleCount - 1) memory.push(residentBytes());
}
while (sampleCount - written > 60) await Bun.sleep(1);
const text = await describeAndListDrops();
const writtenMs = performance.now();
let [longestMs, lastMs] = [0, writtenMs];
const ticking = setInterval(() => {
  const now = performance.now();
  [longestMs, lastMs] = [Math.max(longestMs, now - lastMs), now];
}, 1);
await writer.finish(text);
await files.metadata.finish(text);
const finishedMs = performance.now();
clearInterval(ticking);
longestMs = Math.max(longestMs, finishedMs - lastMs);

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const file = Bun.file(files.video.path);
console.log(`written  ${written} samples in ${((writtenMs - startMs) / 1000).toFixed(1)} s, ${megabytes(file.size)}`);
console.log(`memory   ${memory.map(megabytes).join(" after a minute, ")} after all`);
console.log(`finish   ${(finishedMs - writtenMs).toFixed(0)} ms, of which ${longestMs.toFixed(0)} ms in one piece`);
const head = Buffer.from(await file.slice(0, 64).arrayBuffer());
const reservedAt = head.readUInt32BE(0);
console.log(`moov     ${megabytes(file.size - reservedAt - Number(head.readBigUInt64BE(reservedAt + 8)))}`);
await run("verify");
unfinish(files.video.path);
await run("verify");
await run("repair");
await run("verify");

/** Writes a line for each frame that was dropped, as the recording says of itself: returns what it says. */
async function describeAndListDrops(): Promise<string> {
  const timestampsNs = Array.from({ length: sampleCount }, (_, index) => sensorNs(index));
  const described = changed(withCaptured(describe60Fps(video, timestampsNs, stem), 2 * sampleCount), {
    files: { drops: basename(files.dropsPath) },
    end: { ledger: { dropped: { disk_slow: sampleCount } } },
  });
  const drops = Bun.file(files.dropsPath).writer();
  for (let frameNumber = 0; frameNumber < sampleCount; frameNumber++) {
    const [realtimeNs, monotonicNs] = [17n * 10n ** 17n + elapsedNs(frameNumber), elapsedNs(frameNumber)];
    await drops.write(`${formatFrameDrop({ realtimeNs, monotonicNs, reason: "disk_slow", frameNumber })}\n`);
  }
  await drops.end();
  return toBytes(described).toString();
}

function residentBytes(): number {
  Bun.gc(true);
  return process.memoryUsage.rss();
}

async function run(command: string): Promise<void> {
  const before = performance.now();
  const child = Bun.spawn(programCommand([command, files.video.path]), { stdout: "pipe", stderr: "inherit" });
  const reading = child.stdout.text();
  // Not the resources that the system counts for a child: they begin with its parent's memory.
  let [childBytes, childSeconds] = [0, 0];
  while (child.exitCode === null) {
    [childBytes, childSeconds] = usage(child.pid) ?? [childBytes, childSeconds];
    await Bun.sleep(10);
  }
  const milliseconds = performance.now() - before;
  const verdict = (await reading).trimEnd().split("\n").at(-1)?.replace(files.video.path, "").trim();
  console.log(
    `${command}   ${milliseconds.toFixed(0)} ms, ${childSeconds.toFixed(2)} s of CPU, ${megabytes(childBytes)}, ` +
      `exit code ${child.exitCode}: ${verdict}`,
  );
}

/** Peak memory, bytes, and CPU time, s; undefined when the process has ended. */
function usage(pid: number): [number, number] | undefined {
  try {
    return [peakMemoryBytes(pid), cpuSeconds(pid)];
  } catch {
    return undefined;
  }
}
