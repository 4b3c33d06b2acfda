import { expect, test } from "bun:test";
import { verifyRecording } from "../../src/verify/verify-recording.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { encodeJpegVideo } from "../recording/mp4/encoded-video.ts";
import { box, uint32s } from "../support/mp4-boxes.ts";
import {
  sensorTimestamps,
  timingLines,
  timingText,
  toMicroseconds,
  videoBytes,
  writeRecording,
} from "./write-recording.ts";

const timestampsNs = sensorTimestamps(4);
const timing = timingText(timingLines(timestampsNs));
const initSegment = (() => {
  const bytes = videoBytes(encodeJpegVideo(4), toMicroseconds(timestampsNs));
  return bytes.subarray(0, bytes.indexOf("moof") - 4);
})();

const BASE_IS_MOOF = 0x20000;
const DEFAULT_SIZE = 0x10;

/** A fragment whose runs announce so many samples of one byte each, at no cost in bytes. */
function announcingFragment(number: number, runs: number, samplesPerRun: number): Buffer {
  const tfhd = box("tfhd", uint32s(BASE_IS_MOOF | DEFAULT_SIZE, 1, 1));
  const trun = box("trun", uint32s(0, samplesPerRun));
  const traf = box("traf", tfhd, box("tfdt", uint32s(0, 0)), ...Array.from({ length: runs }, () => trun));
  return Buffer.concat([box("moof", box("mfhd", uint32s(0, number)), traf), box("mdat", Buffer.alloc(1))]);
}

test.each([
  ["in the runs of one fragment", 1, 4000],
  ["in many fragments", 1000, 1],
])(
  "samples that take no bytes to announce cost no more than the file's length, %s",
  async (_where, fragments, runs) => {
    using directory = new TemporaryDirectory();
    const fileBytes = 100_000;
    const video = Buffer.concat([
      initSegment,
      ...Array.from({ length: fragments }, (_, index) => announcingFragment(index + 1, runs, 60_000)),
      box("free", Buffer.alloc(fileBytes)),
    ]);
    const path = await writeRecording(directory, { video, timing });
    const { samples, problems } = await verifyRecording(path);
    expect(samples).toBeLessThanOrEqual(video.length);
    expect(problems.join("\n")).toMatch(/fragment \d+ at byte \d+ cannot be read: trun has 0 bytes for 60000 samples/);
  },
);
