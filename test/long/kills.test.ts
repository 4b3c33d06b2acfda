import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { monotonicNs } from "../../src/native/clocks.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { decodeFrameNumbers } from "../support/decode-video.ts";
import { expectConsecutive } from "../support/expect-sound.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { probeVideo } from "../support/probe-video.ts";
import { assign, type RecordingPaths, startRecording } from "../support/record.ts";
import { expectedTimesUs, readTimingFile } from "../support/timing-file.ts";
import { howMany } from "./effort.ts";

const LATEST_MS = 4000;
/** Nothing that is older may be missing. Where other tests run beside, the machine has its own second. */
const MISSING_SECONDS_MAX = howMany({ few: 2, many: 1 });
const FRAME_RATE = 30;

interface Kill {
  readonly recording: RecordingPaths;
  readonly startedNs: bigint;
  readonly killedNs: bigint;
}

async function killAfter(milliseconds: number, codec: string, directory: TemporaryDirectory): Promise<Kill> {
  const options = ["--source", "synthetic", "--size", "320x240", "--record-fps", String(FRAME_RATE), "--codec", codec];
  await using host = new ModuleProcess(options);
  await assign(host);
  const recording = await startRecording(host, directory.path);
  const startedNs = monotonicNs();
  await delay(milliseconds);
  const killedNs = monotonicNs();
  host.kill("SIGKILL");
  expect((await host.ending()).signal).toBe("SIGKILL");
  return { recording, startedNs, killedNs };
}

/** What is on the disk plays, and the two files tell the same story up to the last whole fragment. */
async function expectKept({ recording, startedNs, killedNs }: Kill): Promise<void> {
  const hasSecond = Number(killedNs - startedNs) / 1e9 > MISSING_SECONDS_MAX;
  const rows = existsSync(recording.timing) ? readTimingFile(recording.timing).rows : [];
  if (!hasSecond && rows.length === 0) return; // it was killed before its first fragment
  const { packets } = await probeVideo(recording.video);
  // Rows follow their pictures: a kill between the two leaves pictures without rows, never rows without pictures.
  expect(packets.length).toBeGreaterThanOrEqual(rows.length);
  expect(packets.length - rows.length).toBeLessThanOrEqual(FRAME_RATE);
  expect(packets.slice(0, rows.length).map(({ pts }) => pts)).toEqual(expectedTimesUs(rows));
  const numbers = await decodeFrameNumbers(recording.video);
  expect(numbers).toHaveLength(packets.length);
  expectConsecutive(numbers.map((number) => number ?? Number.NaN));
  if (!hasSecond) return;
  const lastNs = (rows[0]?.sensorTimestampNs ?? 0n) + BigInt(packets.at(-1)?.pts ?? 0) * 1000n;
  expect(Number(killedNs - lastNs) / 1e9).toBeLessThan(MISSING_SECONDS_MAX);
}

const kills = Array.from({ length: howMany({ few: 3, many: 50 }) }, (_, index) => {
  return [Math.round(Math.random() * LATEST_MS), index % 2 === 0 ? "h264" : "mjpeg"] as const;
});

test.each(kills)(
  `kill -9 after %i ms of recording %s: what was written plays, up to less than ${MISSING_SECONDS_MAX} s before it`,
  async (milliseconds, codec) => {
    using directory = new TemporaryDirectory();
    await expectKept(await killAfter(milliseconds, codec, directory));
  },
  60_000,
);
