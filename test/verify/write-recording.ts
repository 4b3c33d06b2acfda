import { FragmentedMp4 } from "../../src/recording/mp4/fragmented-mp4.ts";
import type { TemporaryDirectory } from "../log/temporary-directory.ts";
import { type EncodedVideo, inGroups, toSamples } from "../recording/mp4/encoded-video.ts";

export const HEADER =
  "trial,module,device_id,label,record_time_unix,record_time_mono,frame_index,sensor_timestamp_ns,video_pts";

/** Beyond 2^53, where a Number is off by whole nanoseconds. */
export const FIRST_SENSOR_NS = 9_007_199_254_740_993n + 500n;

/** A camera's sensor timestamps, never even: 60 per second, three frames missing before the seventh. */
export function sensorTimestamps(count: number): bigint[] {
  return Array.from({ length: count }, (_, index) => {
    const jitterNs = BigInt((index * 7919) % 4001);
    const missing = index >= 6 ? 3 : 0;
    return FIRST_SENSOR_NS + BigInt(index + missing) * 16_666_667n + (index === 0 ? 0n : jitterNs);
  });
}

/** What the file must say: microseconds from the first, half of one rounded up. */
export function toMicroseconds(timestampsNs: readonly bigint[]): number[] {
  const [first = 0n] = timestampsNs;
  return timestampsNs.map((timestamp) => Number((timestamp - first + 500n) / 1000n));
}

/** Rows of a timing file without newlines. */
export function timingLines(timestampsNs: readonly bigint[], label = ""): string[] {
  return timestampsNs.map((timestamp, index) => {
    const seconds = index / 60;
    const unix = (1_767_748_502.723745 + seconds).toFixed(6);
    const mono = (156_789.123456789 + seconds).toFixed(9);
    return `1,CSICameras,picam:0,${label},${unix},${mono},${index + 1},${timestamp},${index + 1}`;
  });
}

export function timingText(lines: readonly string[]): string {
  return [HEADER, ...lines].map((line) => `${line}\n`).join("");
}

export function videoBytes(video: EncodedVideo, timesUs: readonly number[], samplesPerFragment = 4): Buffer {
  const mp4 = new FragmentedMp4(video.track);
  const groups = inGroups(toSamples(video, timesUs), samplesPerFragment);
  return Buffer.concat([mp4.initSegment(), ...groups.flatMap((group) => mp4.fragment(group))]);
}

/** Writes `name.mp4` and `name_timing.csv`; returns the video's path. */
export async function writeRecording(
  directory: TemporaryDirectory,
  { video, timing, name = "trial" }: { video: Uint8Array; timing?: string; name?: string },
): Promise<string> {
  const path = directory.file(`${name}.mp4`);
  await Bun.write(path, video);
  if (timing !== undefined) await Bun.write(directory.file(`${name}_timing.csv`), timing);
  return path;
}
