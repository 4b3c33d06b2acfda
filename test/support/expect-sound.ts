import { expect } from "bun:test";
import { decodeFrameNumbers } from "./decode-video.ts";
import { probeVideo, type ProbedVideo } from "./probe-video.ts";
import type { RecordingPaths } from "./record.ts";
import { verdictOn } from "./run-program.ts";
import { expectedTimesUs, readTimingFile, type TimingFileRow } from "./timing-file.ts";

export interface SoundRecording {
  readonly rows: readonly TimingFileRow[];
  readonly numbers: readonly number[];
  readonly video: ProbedVideo;
}

/**
 * The whole truth about a recording of numbered pictures, by tools that are not ours: as many pictures as rows, each
 * picture the one that its row speaks of, each packet at its row's time to the microsecond. And `verify` says so too.
 */
export async function expectSound(paths: RecordingPaths, frameRate: number): Promise<SoundRecording> {
  const { rows } = readTimingFile(paths.timing);
  const [read, video] = await Promise.all([decodeFrameNumbers(paths.video), probeVideo(paths.video)]);
  const numbers = read.map((number) => number ?? Number.NaN);
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.map(({ frameIndex }) => frameIndex)).toEqual(rows.map((_, index) => index + 1));
  expect(numbers).toEqual(numbersByTime(rows, numbers[0] ?? Number.NaN, frameRate));
  expect(video.packets.map(({ pts }) => pts)).toEqual(expectedTimesUs(rows));
  expect(video.packets.map(({ dts }) => dts)).toEqual(expectedTimesUs(rows));
  const { exitCode, stdout } = await verdictOn(paths.video);
  expect(exitCode === 0 ? "sound" : stdout).toBe("sound");
  return { rows, numbers, video };
}

/** A synthetic camera's n-th picture is due at n frame durations: the numbers that rows with these times belong to. */
function numbersByTime(rows: readonly TimingFileRow[], first: number, frameRate: number): number[] {
  const start = rows[0]?.sensorTimestampNs ?? 0n;
  return rows.map(({ sensorTimestampNs }) => {
    return first + Math.round((Number(sensorTimestampNs - start) / 1e9) * frameRate);
  });
}

/** Every number is the one before it plus one. */
export function expectConsecutive(numbers: readonly number[]): void {
  const first = numbers[0] ?? Number.NaN;
  expect(numbers).toEqual(numbers.map((_, index) => first + index));
}
