import { describe, expect, test } from "bun:test";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { FragmentedMp4 } from "../../src/recording/mp4/fragmented-mp4.ts";
import { UnreadableFileError } from "../../src/verify/unreadable-file-error.ts";
import { verifyRecording } from "../../src/verify/verify-recording.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { howMany } from "../long/effort.ts";
import { ffmpeg } from "../recording/h264/encode-h264.ts";
import { encodeH264Video, encodeJpegVideo, inGroups, toSamples } from "../recording/mp4/encoded-video.ts";
import { boxesIn, ordinaryVideo } from "../recording/mp4/ordinary-video.ts";
import {
  sensorTimestamps,
  timingLines,
  timingText,
  toMicroseconds,
  videoBytes,
  writeRecording,
} from "./write-recording.ts";

const COUNT = 10;
const timestampsNs = sensorTimestamps(COUNT);
const timesUs = toMicroseconds(timestampsNs);
const timing = timingText(timingLines(timestampsNs));
const videos = [
  ["H.264", encodeH264Video({ frames: COUNT, x264: "keyint=4:min-keyint=4:scenecut=0:slices=2" })],
  ["MJPEG", encodeJpegVideo(COUNT)],
] as const;

/** Byte ranges of boxes of these types, headers included. */
function rangesOf(bytes: Buffer, types: readonly string[], from = 0): [number, number][] {
  return types.flatMap((type) => {
    const ranges: [number, number][] = [];
    for (let at = bytes.indexOf(type, from); at >= 0; at = bytes.indexOf(type, at + 4)) {
      ranges.push([at - 4, at - 4 + bytes.readUInt32BE(at - 4)]);
    }
    return ranges;
  });
}

/** Changes of a byte: all of its bits, and each of them; where there is little time, one of them, another in each byte. */
function masksAt(at: number): number[] {
  const bits = howMany({ few: 1, many: 8 });
  return [255, ...Array.from({ length: bits }, (_, bit) => 1 << ((at + bit) % 8))];
}

/** Verdicts on the file with each byte of these ranges changed, one at a time: the offsets of those not found. */
async function unnoticedFlips(bytes: Buffer, ranges: readonly [number, number][]): Promise<number[]> {
  using directory = new TemporaryDirectory();
  const path = await writeRecording(directory, { video: bytes, timing });
  const unnoticed = new Set<number>();
  for (const [start, end] of ranges) {
    for (let at = start; at < end; at++) {
      for (const mask of masksAt(at)) {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ mask;
        writeFileSync(path, flipped);
        if (await looksSound(path)) unnoticed.add(at);
      }
    }
  }
  return [...unnoticed];
}

async function looksSound(path: string): Promise<boolean> {
  try {
    return (await verifyRecording(path)).problems.length === 0;
  } catch (error) {
    if (error instanceof UnreadableFileError) return false;
    throw error;
  }
}

/** As ffmpeg packs the same samples: 32-bit chunk offsets, other runs. */
async function packedByFfmpeg(fragmented: Buffer): Promise<Buffer> {
  using directory = new TemporaryDirectory();
  const [source, target] = [directory.file("source.mp4"), directory.file("target.mp4")];
  await Bun.write(source, fragmented);
  ffmpeg(["-i", source, "-c", "copy", "-video_track_timescale", "1000000", "-use_editlist", "0", "-y", target]);
  return readFileSync(target);
}

async function ordinary(video: (typeof videos)[number][1]): Promise<Buffer> {
  return await ordinaryVideo(new FragmentedMp4(video.track), inGroups(toSamples(video, timesUs), 3));
}

describe.each(videos)("a byte that is another, by any bit or by all, in %s:", (_name, video) => {
  // Of the last sample nobody can tell how long it is shown: no next one begins. A longer time than twice any other is
  // found all the same.
  test("in a moof of a fragmented file (trun, tfdt, tfhd, mfhd) is found, but in the very last duration", async () => {
    const bytes = videoBytes(video, timesUs);
    const lastDurationAt = bytes.lastIndexOf("mdat") - 4 - 12;
    const ranges = rangesOf(bytes, ["moof"]);
    expect(ranges).toHaveLength(3);
    const unnoticed = await unnoticedFlips(bytes, ranges);
    expect(unnoticed.filter((at) => at < lastDurationAt || at >= lastDurationAt + 4)).toEqual([]);
  }, 60_000);

  test.each([
    ["stco", packedByFfmpeg],
    ["co64", async () => await ordinary(video)],
  ] as const)(
    "in a sample table of an ordinary file with %s is found",
    async (offsets, pack) => {
      const bytes = await pack(videoBytes(video, timesUs));
      const types = ["stts", "stsz", "stsc", offsets, ...(video.track.codec === "h264" ? ["stss"] : [])];
      const tables = rangesOf(bytes, types, bytes.lastIndexOf("moov"));
      expect(tables).toHaveLength(types.length);
      expect(await unnoticedFlips(bytes, tables)).toEqual([]);
    },
    60_000,
  );

  test("in the headers that say how long it lasts is found", async () => {
    const bytes = await ordinary(video);
    const moovAt = bytes.lastIndexOf("moov");
    const durations = [
      ["mvhd", 24],
      ["tkhd", 28],
      ["mdhd", 24],
    ] as const;
    const ranges = durations.map(([type, offset]): [number, number] => {
      const [[start] = [0]] = rangesOf(bytes, [type], moovAt);
      return [start + offset, start + offset + 4];
    });
    expect(await unnoticedFlips(bytes, ranges)).toEqual([]);
  }, 60_000);

  test("anywhere makes a verdict, never a crash", async () => {
    using directory = new TemporaryDirectory();
    const bytes = await ordinary(video);
    const path = await writeRecording(directory, { video: bytes, timing });
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ mask;
        writeFileSync(path, flipped);
        await looksSound(path);
      }),
      { numRuns: 300, interruptAfterTimeLimit: 5000 },
    );
  }, 30_000);
});

describe.each(videos)("a file in %s that is cut off is found", (_name, video) => {
  test.each([
    ["fragmented", () => Promise.resolve(videoBytes(video, timesUs))],
    ["ordinary", async () => await ordinary(video)],
  ] as const)(
    "where it is %s: at the border of any box, and anywhere",
    async (_kind, make) => {
      using directory = new TemporaryDirectory();
      const bytes = await make();
      const path = await writeRecording(directory, { video: bytes, timing });
      let border = 0;
      const borders = boxesIn(bytes).map(({ bytes: box }) => (border += box.length));
      expect(borders.pop()).toBe(bytes.length);
      for (const length of [0, ...borders, ...borders.map((at) => at + 4), bytes.length - 1]) {
        writeFileSync(path, bytes);
        truncateSync(path, length);
        expect({ length, looksSound: await looksSound(path) }).toEqual({ length, looksSound: false });
      }
      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length - 1), async (length) => {
          writeFileSync(path, bytes);
          truncateSync(path, length);
          expect(await looksSound(path)).toBe(false);
        }),
        { numRuns: 300, interruptAfterTimeLimit: 5000 },
      );
    },
    30_000,
  );
});

test("rows of which one is missing, double, or swapped with any other are found", async () => {
  using directory = new TemporaryDirectory();
  const [, video] = videos[0];
  const lines = timingLines(timestampsNs);
  const path = await writeRecording(directory, { video: videoBytes(video, timesUs), timing });
  const expectFound = async (rows: readonly string[]): Promise<void> => {
    await Bun.write(directory.file("trial_timing.csv"), timingText([...rows]));
    expect(await looksSound(path)).toBe(false);
  };
  for (let index = 0; index < COUNT; index++) {
    await expectFound(lines.toSpliced(index, 1));
    await expectFound(lines.toSpliced(index, 0, lines[index] ?? ""));
    for (let other = index + 1; other < COUNT; other++) {
      await expectFound(lines.with(index, lines[other] ?? "").with(other, lines[index] ?? ""));
      // With their numbers put right.
      const times = timestampsNs.with(index, timestampsNs[other] ?? 0n).with(other, timestampsNs[index] ?? 0n);
      await expectFound(timingLines(times));
    }
  }
});
