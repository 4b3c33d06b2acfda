import { describe, expect, test } from "bun:test";
import { closeSync, openSync, writeSync } from "node:fs";
import fc from "fast-check";
import { FragmentedMp4 } from "../../src/recording/mp4/fragmented-mp4.ts";
import { mediaDataHeader } from "../../src/recording/mp4/reserved-box.ts";
import { SampleIndex } from "../../src/recording/mp4/sample-index.ts";
import { UnreadableFileError } from "../../src/verify/unreadable-file-error.ts";
import { verifyRecording } from "../../src/verify/verify-recording.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { ffmpeg } from "../recording/h264/encode-h264.ts";
import {
  encodeH264Video,
  encodeJpegVideo,
  type EncodedVideo,
  inGroups,
  toSamples,
} from "../recording/mp4/encoded-video.ts";
import { countDecodedFrames } from "../recording/mp4/ffprobe.ts";
import { ordinaryVideo } from "../recording/mp4/ordinary-video.ts";
import {
  FIRST_SENSOR_NS,
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
const lines = timingLines(timestampsNs);
const timing = timingText(lines);
const h264 = encodeH264Video({ frames: COUNT, x264: "keyint=4:min-keyint=4:scenecut=0:slices=2" });
const jpeg = encodeJpegVideo(COUNT);

/** What is wrong with the recording that these bytes and rows make. */
async function problemsOf(video: Uint8Array, text: string | undefined = timing): Promise<readonly string[]> {
  using directory = new TemporaryDirectory();
  const path = await writeRecording(directory, { video, timing: text });
  return (await verifyRecording(path)).problems;
}

/** The same samples in an ordinary file: tables in `moov`, no fragments. */
async function toOrdinary(
  fragmented: Buffer,
  directory: TemporaryDirectory,
  options: readonly string[] = [],
): Promise<Buffer> {
  const [source, target] = [directory.file("source.mp4"), directory.file("ordinary.mp4")];
  const timescale = ["-video_track_timescale", "1000000", "-use_editlist", "0"];
  await Bun.write(source, fragmented);
  ffmpeg(["-i", source, "-c", "copy", ...timescale, ...options, "-y", target]);
  return Buffer.from(await Bun.file(target).bytes());
}

describe.each([
  ["H.264", h264, "h264", 3],
  ["MJPEG", jpeg, "mjpeg", 10],
] as const)("a sound %s recording", (_name, video, codec, keyFrames) => {
  test("is reported as it is", async () => {
    using directory = new TemporaryDirectory();
    const path = await writeRecording(directory, { video: videoBytes(video, timesUs), timing });
    const lastUs = timesUs[COUNT - 1] ?? 0;
    const { intervals, notes, ...report } = await verifyRecording(path);
    expect(intervals?.count).toBe(COUNT - 1);
    expect(notes).toHaveLength(2);
    expect(report).toEqual({
      file: path,
      timingFile: directory.file("trial_timing.csv"),
      codec,
      width: 160,
      height: 96,
      samples: COUNT,
      keyFrames,
      rows: COUNT,
      durationSeconds: (lastUs + 16_667) / 1e6,
      rate: (COUNT - 1) / (lastUs / 1e6),
      firstSensorTimestampNs: FIRST_SENSOR_NS,
      lastSensorTimestampNs: timestampsNs[COUNT - 1],
      isUnfinished: true,
      metadata: undefined,
      drops: undefined,
      problems: [],
      isTornEndOnly: false,
    });
  });

  test.each([[[]], [["-movflags", "+faststart"]], [["-movflags", "+frag_keyframe+default_base_moof+empty_moov"]]])(
    "is sound as well when ffmpeg packed it anew with %p",
    async (options: string[]) => {
      using directory = new TemporaryDirectory();
      expect(await problemsOf(await toOrdinary(videoBytes(video, timesUs), directory, options))).toEqual([]);
    },
    20_000,
  );
});

test("whatever times and sizes are written are read back, fragmented however", async () => {
  const sample = fc.record({ gapNs: fc.bigInt(1n, 3_000_000_000n), byteCount: fc.integer({ min: 0, max: 9000 }) });
  const recording = fc.record({
    samples: fc.array(sample, { minLength: 1, maxLength: 40 }),
    firstNs: fc.bigInt(0n, 2n ** 62n),
    samplesPerFragment: fc.integer({ min: 1, max: 10 }),
  });
  await fc.assert(
    fc.asyncProperty(recording, async ({ samples, firstNs, samplesPerFragment }) => {
      let timeNs = firstNs;
      const times = samples.map(({ gapNs }) => (timeNs += gapNs));
      const pictures = samples.map(({ byteCount }) => {
        const data = Uint8Array.from([0xff, 0xd8, ...new Uint8Array(byteCount), 0xff, 0xd9]);
        return { data, isKey: true };
      });
      const video: EncodedVideo = { track: jpeg.track, pictures };
      const bytes = videoBytes(video, toMicroseconds(times), samplesPerFragment);
      // The last duration may be implausible beside such others.
      const problems = await problemsOf(bytes, timingText(timingLines(times)));
      expect(problems.filter((problem) => !problem.startsWith("last sample lasts"))).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

test("a sound recording's data may lie beyond 4 GiB in its file", async () => {
  using directory = new TemporaryDirectory();
  const bytes = videoBytes(h264, timesUs);
  const initBytes = bytes.indexOf("moof") - 4;
  const hole = Buffer.alloc(16);
  hole.writeUInt32BE(1);
  hole.write("free", 4);
  hole.writeBigUInt64BE(BigInt(5 * 2 ** 30), 8);
  const path = await writeRecording(directory, { video: bytes.subarray(0, initBytes), timing });
  const descriptor = openSync(path, "r+");
  writeSync(descriptor, hole, 0, hole.length, initBytes);
  writeSync(descriptor, bytes, initBytes, bytes.length - initBytes, initBytes + 5 * 2 ** 30);
  closeSync(descriptor);
  expect(await verifyRecording(path)).toMatchObject({ samples: COUNT, problems: [] });
});

describe("an ordinary recording", () => {
  const groups = inGroups(toSamples(h264, timesUs), 4);

  test("is sound, and as long as its fragments were", async () => {
    for (const video of [h264, jpeg]) {
      using directory = new TemporaryDirectory();
      const ordinary = await ordinaryVideo(new FragmentedMp4(video.track), inGroups(toSamples(video, timesUs), 4));
      const path = await writeRecording(directory, { video: ordinary, timing });
      const fragmented = await writeRecording(directory, { video: videoBytes(video, timesUs), timing, name: "f" });
      const {
        file: _file,
        timingFile: _timingFile,
        notes: _notes,
        isUnfinished,
        ...report
      } = await verifyRecording(path);
      expect(await verifyRecording(fragmented)).toMatchObject({ ...report, isUnfinished: true });
      expect({ isUnfinished, problems: report.problems }).toEqual({ isUnfinished: false, problems: [] });
    }
  });

  test("is sound beyond 2^32 µs and 4 GiB", async () => {
    const longNs = timestampsNs.map((timestamp, index) => timestamp + BigInt(index) * 3_600_000_000_000n);
    using directory = new TemporaryDirectory();
    const mp4 = new FragmentedMp4(h264.track);
    const index = new SampleIndex();
    const dataAt = 5 * 2 ** 30;
    const data = Buffer.concat(h264.pictures.map((picture) => picture.data));
    const indexed = toSamples(h264, toMicroseconds(longNs)).map((sample) => ({
      ...sample,
      byteCount: sample.data.byteLength,
    }));
    index.addChunk(dataAt, indexed);
    const moov = Buffer.concat(mp4.finalMovie(index));
    const path = await writeRecording(directory, { video: mp4.initSegment(), timing: timingText(timingLines(longNs)) });
    const descriptor = openSync(path, "r+");
    const dataEnd = dataAt + data.length;
    writeSync(descriptor, mediaDataHeader(dataEnd - mp4.reservedAt), 0, 16, mp4.reservedAt);
    writeSync(descriptor, data, 0, data.length, dataAt);
    writeSync(descriptor, moov, 0, moov.length, dataEnd);
    closeSync(descriptor);
    expect(await verifyRecording(path)).toMatchObject({ samples: COUNT, problems: [] });
    expect(countDecodedFrames(path)).toBe(COUNT);
  });

  test("is not sound where its tables lead out of its media data, or its headers say another length", async () => {
    const bytes = await ordinaryVideo(new FragmentedMp4(h264.track), groups);
    const moovAt = bytes.lastIndexOf("moov");
    const change = async (type: string, offset: number, value: number): Promise<readonly string[]> => {
      const changed = Buffer.from(bytes);
      changed.writeUInt32BE(value, bytes.indexOf(type, moovAt) + offset);
      return await problemsOf(changed);
    };
    const lastSize = 4 + 4 + 8 + 4 * (COUNT - 1);
    const [size] = [bytes.readUInt32BE(bytes.indexOf("stsz", moovAt) + lastSize)];
    expect(await change("stsz", lastSize, size + 9)).toEqual([
      expect.stringMatching(/^sample 10: its data at byte \d+ are not inside a media data box$/),
    ]);
    const lastOffset = 4 + 4 + 4 + 8 * 2;
    expect(await change("co64", lastOffset, 1)).toContainEqual(
      expect.stringMatching(/^sample 9: its data end at byte/),
    );
    expect(await change("co64", lastOffset + 4, 4)).toContainEqual(
      expect.stringMatching(/^sample 9: its data begin at byte 4, inside those of an earlier sample$/),
    );
    for (const [type, offset] of [
      ["mvhd", 20],
      ["tkhd", 24],
      ["mdhd", 20],
    ] as const) {
      expect((await change(type, offset, 7)).join()).toMatch(/lasts? (\d+) ticks, (expected|but)/);
    }
  });
});

describe("a recording is not sound", () => {
  const bytes = videoBytes(h264, timesUs);

  test("without its timing file", async () => {
    using directory = new TemporaryDirectory();
    const path = await writeRecording(directory, { video: bytes });
    expect((await verifyRecording(path)).problems).toEqual([
      expect.stringContaining("trial_timing.csv cannot be read"),
    ]);
  });

  test("when one sample's time is one microsecond off", async () => {
    for (let index = 0; index < COUNT; index++) {
      const shifted = timesUs.map((timeUs, k) => (k === index ? timeUs + 1 : timeUs));
      const expected = index === 0 ? 1 : timesUs[index];
      const [problem] = await problemsOf(videoBytes(h264, shifted));
      expect(problem).toContain(index === 0 ? "sample 1 is at 1 µs, its row says 0 µs" : `its row says ${expected} µs`);
    }
  });

  test("when one row's time rounds to another microsecond", async () => {
    const index = 4;
    const rounded = toMicroseconds(timestampsNs)[index] ?? 0;
    const lowest = FIRST_SENSOR_NS + BigInt(rounded) * 1000n - 500n;
    for (const [timestamp, isSound] of [
      [lowest, true],
      [lowest - 1n, false],
      [lowest + 999n, true],
      [lowest + 1000n, false],
    ] as const) {
      const text = timingText(timingLines(timestampsNs.with(index, timestamp)));
      expect((await problemsOf(bytes, text)).length === 0).toBe(isSound);
    }
  });

  test("when any row is missing", async () => {
    for (let index = 0; index < COUNT; index++) {
      const problems = await problemsOf(bytes, timingText(lines.toSpliced(index, 1)));
      expect(problems).toContain("video has 10 samples, timing file 9 rows");
    }
  });

  test("when there is a row too many", async () => {
    const more = timingText(timingLines(sensorTimestamps(COUNT + 1)));
    expect(await problemsOf(bytes, more)).toEqual(["video has 10 samples, timing file 11 rows"]);
  });

  test("when two rows are swapped, even with their numbers put right", async () => {
    const swapped = lines.with(3, lines[4] ?? "").with(4, lines[3] ?? "");
    expect((await problemsOf(bytes, timingText(swapped))).length).toBeGreaterThan(0);
    const renumbered = timingLines(timestampsNs.with(3, timestampsNs[4] ?? 0n).with(4, timestampsNs[3] ?? 0n));
    const problems = await problemsOf(bytes, timingText(renumbered));
    expect(problems.join("\n")).toContain("row 5 sensor_timestamp_ns does not increase");
  });

  test("when a fragment is missing in the middle", async () => {
    const second = bytes.indexOf("moof", bytes.indexOf("moof") + 1) - 4;
    const third = bytes.indexOf("moof", second + 8) - 4;
    const problems = await problemsOf(Buffer.concat([bytes.subarray(0, second), bytes.subarray(third)]));
    expect(problems).toContain("fragment 2 has the number 3");
    expect(problems).toContain("video has 6 samples, timing file 10 rows");
  });

  test("when a fragment's data are there, but not its moof", async () => {
    const hidden = Buffer.from(bytes);
    hidden.write("free", bytes.lastIndexOf("moof"));
    expect((await problemsOf(hidden)).join("\n")).toMatch(/bytes of media data at byte \d+ belong to no sample/);
  });

  test("when it does not begin with a key frame", async () => {
    const late = { track: h264.track, pictures: h264.pictures.slice(1) };
    const text = timingText(timingLines(timestampsNs.slice(1)));
    expect(await problemsOf(videoBytes(late, toMicroseconds(timestampsNs.slice(1))), text)).toEqual([
      "video does not begin with a key frame",
    ]);
  });

  test("when a key frame is not marked, or another picture is", async () => {
    const wrong = { track: h264.track, pictures: h264.pictures.map((picture) => ({ ...picture, isKey: true })) };
    expect(await problemsOf(videoBytes(wrong, timesUs))).toContain("sample 2: it is marked as a key frame and is none");
  });

  test("when its rows are in order but its pictures are no JPEG images", async () => {
    const wrong = { track: jpeg.track, pictures: h264.pictures };
    expect(await problemsOf(videoBytes(wrong, timesUs))).toContain("sample 1: it does not begin as a JPEG image");
  });
});

describe("a file is unreadable", () => {
  test.each([
    ["when it is empty", Buffer.alloc(0)],
    ["when it is no MP4 file", Buffer.from("Lorem ipsum dolor sit amet")],
    ["when it is cut off inside its moov box", videoBytes(h264, timesUs).subarray(0, 300)],
  ])("%s", async (_name, video) => {
    using directory = new TemporaryDirectory();
    const path = await writeRecording(directory, { video, timing });
    await expect(verifyRecording(path)).rejects.toBeInstanceOf(UnreadableFileError);
  });

  test("when it is not there, or a directory", async () => {
    using directory = new TemporaryDirectory();
    await expect(verifyRecording(directory.file("none.mp4"))).rejects.toThrow("none.mp4 cannot be read: ENOENT");
    await expect(verifyRecording(directory.path)).rejects.toThrow("is not a file");
  });
});
