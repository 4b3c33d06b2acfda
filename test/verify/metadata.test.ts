import { describe, expect, test } from "bun:test";
import { renameSync } from "node:fs";
import fc from "fast-check";
import type { RecordingReport } from "../../src/verify/recording-report.ts";
import { verifyRecording } from "../../src/verify/verify-recording.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { encodeH264Video, encodeJpegVideo } from "../recording/mp4/encoded-video.ts";
import { box } from "../support/mp4-boxes.ts";
import {
  beginningOf,
  changed,
  describe60Fps,
  type DescribedFiles,
  metadataBox,
  type Text,
  toBytes,
  writeDescribed,
} from "./describe-recording.ts";
import { sensorTimestamps, timingLines } from "./write-recording.ts";

const COUNT = 10;
const timestampsNs = sensorTimestamps(COUNT);
const video = encodeH264Video({ frames: COUNT, x264: "keyint=4:min-keyint=4:scenecut=0" });
const metadata = describe60Fps(video, timestampsNs);
const beginning = beginningOf(metadata);

async function verify(files: Partial<DescribedFiles>): Promise<RecordingReport> {
  using directory = new TemporaryDirectory();
  return await verifyRecording(await writeDescribed(directory, { video, timestampsNs, ...files }));
}

/** Problems of a recording that says this, in both places. */
async function problemsOf(text: Text, files: Partial<DescribedFiles> = {}): Promise<readonly string[]> {
  return (await verify({ inMovie: text, beside: text, ...files })).problems;
}

test("a recording that describes itself as it is, is sound, and its metadata are in the report", async () => {
  for (const isFragmented of [false, true]) {
    const report = await verify({ inMovie: metadata, beside: metadata, isFragmented });
    expect(report.problems).toEqual([]);
    expect(report.metadata).toEqual(metadata);
  }
  const jpeg = encodeJpegVideo(COUNT);
  const ofJpeg = describe60Fps(jpeg, timestampsNs);
  expect((await verify({ video: jpeg, inMovie: ofJpeg, beside: ofJpeg })).problems).toEqual([]);
  expect((await verify({ inMovie: metadata, beside: metadata })).notes).toEqual([]);
});

test("a recording of one picture, of which no rate is known, is sound", async () => {
  const one = { track: video.track, pictures: video.pictures.slice(0, 1) };
  const times = timestampsNs.slice(0, 1);
  const ofOne = describe60Fps(one, times);
  const said = changed(ofOne, { rates: { capture_measured: null } });
  expect(await problemsOf(said, { video: one, timestampsNs: times })).toEqual([]);
});

test("a trial's label and a device's id may hold anything", async () => {
  const label = 'a "b",\nc \ud800 \u0000 Grüße 🎥';
  const said = changed(metadata, { trial: { label } });
  const rows = timingLines(timestampsNs, `"${label.replaceAll('"', '""')}"`);
  expect(await problemsOf(said, { rows })).toEqual([]);
});

test("keys that nobody knows yet are sound", async () => {
  expect(await problemsOf({ ...metadata, weather: { sun: [1, 2, { rain: null }] } })).toEqual([]);
});

test("other boxes, also other uuid boxes, do not count", async () => {
  const boxes = Buffer.concat([box("uuid", Buffer.alloc(40, 1)), box("uuid", Buffer.alloc(3)), box("free")]);
  expect(await problemsOf(metadata, { boxes })).toEqual([]);
});

describe("of the two places", () => {
  test("none: a note says that the ledger can't be checked", async () => {
    const { problems, notes, metadata: known } = await verify({});
    expect({ problems, known }).toEqual({ problems: [], known: undefined });
    expect(notes).toEqual(["neither the video nor trial_recording.json holds metadata: the ledger can't be checked"]);
  });

  test("only one: a file of the recording is missing or was exchanged", async () => {
    expect((await verify({ inMovie: metadata })).problems).toEqual([
      "trial_recording.json is missing, the video holds metadata",
    ]);
    expect((await verify({ beside: metadata })).problems).toEqual([
      "the video holds no metadata, though there is trial_recording.json",
    ]);
  });

  test("both, from the beginning: a note says that the recording was broken off", async () => {
    const { problems, notes } = await verify({ inMovie: beginning, beside: beginning });
    expect(problems).toEqual([]);
    expect(notes).toEqual(["metadata tell no end: the recording goes on or was broken off, its ledger is not known"]);
  });

  test.each([
    ["the file", metadata, beginning, "trial_recording.json tells of the end, the video only of the beginning"],
    ["the video", beginning, metadata, "the video tells of the end, trial_recording.json only of the beginning"],
  ])("only %s tells of the end: that counts, and a note says so", async (_name, beside, inMovie, note) => {
    const report = await verify({ beside, inMovie });
    expect(report.problems).toEqual([]);
    expect(report.notes).toEqual([`the ending was interrupted: ${note}`]);
    expect(report.metadata).toEqual(metadata);
  });

  test("one tells of the end, the other of another recording's beginning", async () => {
    for (const other of [{ start_command_id: "rec_2" }, { trial: { label: "x" } }, { camera: { model: "ov5647" } }]) {
      const { problems } = await verify({ beside: metadata, inMovie: changed(beginning, other) });
      expect(problems).toEqual(["trial_recording.json and the video's metadata are not of the same recording"]);
    }
  });

  test("each says something else, be it in a key that nobody knows", async () => {
    for (const other of [
      changed(metadata, { encoder: { name: "x" } }),
      { ...metadata, x: 1 },
      { ...metadata, x: [] },
    ]) {
      const { problems } = await verify({ beside: metadata, inMovie: other });
      expect(problems).toEqual(["trial_recording.json and the video's metadata do not say the same"]);
    }
  });
});

const sameStem = { video: "other.mp4", timing: "other_timing.csv" };

describe("metadata lie about", () => {
  const [first = 0n, last = 0n] = [timestampsNs[0], timestampsNs.at(-1)];
  test.each<[string, object, string | RegExp]>([
    ["the codec", { video: { codec: "mjpeg" } }, 'the codec is "mjpeg", it is "h264"'],
    ["the width", { video: { width: 161 } }, "the width is 161, it is 160"],
    ["the height", { video: { height: 95 } }, "the height is 95, it is 96"],
    ["the trial", { trial: { number: 2 } }, 'the trial\'s number is "2", it is "1"'],
    ["the label", { trial: { label: "a\u001b[2J" } }, 'the trial\'s label is "a\\u001b[2J", it is ""'],
    ["the device", { camera: { device_id: "picam:1" } }, 'the device\'s id is "picam:1", it is "picam:0"'],
    ["the video's name", { files: { video: "x.mp4" } }, 'the video\'s name is "x.mp4", it is "trial.mp4"'],
    ["the timing file's name", { files: { timing: "x.csv" } }, "the timing file's name"],
    ["the drops file's name", { files: { drops: "x.jsonl" } }, "the drops file's name"],
    ["the start", { clocks: { start: { sensor_timestamp_ns: String(first + 1n) } } }, "capturing began at"],
    ["the stop", { clocks: { stop: { sensor_timestamp_ns: String(last - 1n) } } }, "capturing ended at"],
    ["the monotonic clock", { clocks: { stop: { monotonic_ns: "1" } } }, "monotonic_ns went back"],
    ["the boot time clock", { clocks: { stop: { boottime_ns: "1" } } }, "boottime_ns went back"],
    [
      "the measured rate",
      { rates: { record_measured: 44.9991 } },
      /44.9991 frames\/s were recorded, by the times it is 44.9/,
    ],
    ["the measured rate of capture", { rates: { capture_measured: 44.9991 } }, "44.9991 frames/s were captured, by"],
    ["whether it was measured", { rates: { record_measured: null } }, "null frames/s were recorded"],
    ["the stop, which they do not tell", { clocks: { stop: null } }, "metadata tell the end, but not its clocks"],
  ])("%s", async (_name, change, sentence) => {
    const problems = await problemsOf(changed(metadata, change));
    expect(problems.join("\n")).toMatch(sentence);
  });

  test("an end that they do not tell", async () => {
    expect(await problemsOf({ ...metadata, end: null })).toEqual([
      "metadata tell no end, but its clocks",
      "metadata tell no end, but measured rates",
    ]);
  });

  test("none of the names where all files were given another: it is told as a note", async () => {
    const said = changed(metadata, { files: sameStem });
    const { problems, notes } = await verify({ inMovie: said, beside: said });
    expect({ problems, notes }).toEqual({ problems: [], notes: ['it was recorded as "other.mp4"'] });
  });
});

describe("metadata that can't be read are a problem, in either place:", () => {
  const json = JSON.stringify(metadata);
  test.each<[string, Text, string]>([
    ["nothing", "", "is empty"],
    ["no JSON", json.slice(1), "is not JSON: "],
    ["JSON that was cut off", json.slice(0, -1), "is not JSON: "],
    ["JSON of something else", "[1, 2]", "is not what it should be: "],
    [
      "JSON of an older or newer format",
      { ...metadata, format_version: 2 },
      'is not what it should be: "format_version": ',
    ],
    ["a count below zero", changed(metadata, { end: { unwritten_drops: -1 } }), '"end.unwritten_drops": '],
    ["no nanoseconds", changed(metadata, { clocks: { start: { monotonic_ns: 5 } } }), '"clocks.start.monotonic_ns": '],
    ["a byte order mark", `\uFEFF${json}`, "is not JSON: "],
    ["bytes that are no UTF-8", Buffer.from([...Buffer.from(json.slice(0, -1)), 0xff, 0x7d]), "is not UTF-8"],
    ["arrays in arrays in arrays", "[".repeat(1_000_000), "has more than 32 arrays and objects in one another"],
    ["objects in objects in objects", `${'{"a":'.repeat(600_000)}1`, "has more than 32 arrays and objects"],
    ["10 MB", Buffer.alloc(10_000_000, " "), "10000000 bytes"],
    ["secrets of a terminal", '{"\u001b[2J": \u009b', "is not JSON: "],
  ])("%s", async (_name, text, sentence) => {
    for (const [places, name] of [
      [{ beside: text, inMovie: metadata }, "trial_recording.json "],
      [{ beside: metadata, inMovie: text }, "the video's metadata box (uuid) "],
    ] as const) {
      const { problems, metadata: known } = await verify(places);
      expect(problems).toEqual([expect.stringContaining(sentence)]);
      expect(problems[0]).toStartWith(name);
      expect(problems[0]?.length).toBeLessThan(400);
      expect(known).toEqual(metadata);
    }
  });

  test("two boxes of them", async () => {
    expect(await problemsOf(metadata, { boxes: metadataBox(metadata) })).toEqual([
      "the video's metadata box (uuid) is there more than once",
    ]);
  });

  test("a folder in place of the file", async () => {
    using directory = new TemporaryDirectory();
    const path = await writeDescribed(directory, { video, timestampsNs, inMovie: metadata });
    await Bun.write(directory.file("folder/x"), "");
    renameSync(directory.file("folder"), directory.file("trial_recording.json"));
    expect((await verifyRecording(path)).problems).toEqual([expect.stringMatching(/recording.json is not a file$/)]);
  });
});

test("any byte that is another, in the file or in the video's box, is found", async () => {
  using directory = new TemporaryDirectory();
  const path = await writeDescribed(directory, { video, timestampsNs, inMovie: metadata, beside: metadata });
  const bytes = Buffer.from(toBytes(metadata));
  const file = await Bun.file(path).bytes();
  const boxAt = Buffer.from(file).lastIndexOf(bytes);
  const found = async (name: string, original: Uint8Array, at: number, mask: number): Promise<boolean> => {
    const flipped = Buffer.from(original);
    flipped[at] = (flipped[at] ?? 0) ^ mask;
    await Bun.write(name, flipped);
    const { problems } = await verifyRecording(path);
    await Bun.write(name, original);
    return problems.length > 0;
  };
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), fc.boolean(), async (at, bit, isInMovie) => {
      const isFound = isInMovie
        ? await found(path, file, boxAt + at, 1 << bit)
        : await found(`${path.slice(0, -4)}_recording.json`, bytes, at, 1 << bit);
      expect(isFound).toBe(true);
    }),
    { numRuns: 1000, interruptAfterTimeLimit: 8000 },
  );
}, 30_000);
