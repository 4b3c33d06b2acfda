import { describe, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { formatFrameDrop } from "../../src/log/frame-drop-log.ts";
import type { RecordingReport } from "../../src/verify/recording-report.ts";
import { verifyRecording } from "../../src/verify/verify-recording.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { encodeJpegVideo } from "../recording/mp4/encoded-video.ts";
import {
  beginningOf,
  changed,
  describe60Fps,
  type DescribedFiles,
  withCaptured,
  writeDescribed,
} from "./describe-recording.ts";
import { sensorTimestamps, timingLines } from "./write-recording.ts";

const COUNT = 10;
const timestampsNs = sensorTimestamps(COUNT);
const video = encodeJpegVideo(COUNT);
const metadata = describe60Fps(video, timestampsNs);

function dropLine(reason: string, frameNumber: number | null = 7): string {
  return `${formatFrameDrop({ realtimeNs: 1_767_748_502_000_000_000n, monotonicNs: 2n ** 60n, reason, frameNumber })}\n`;
}

/** Lines of three drops, and a ledger that says so. */
const drops = [dropLine("encoder_busy"), dropLine("disk_slow"), dropLine("encoder_busy", null)].join("");
const withDrops = changed(withCaptured(metadata, COUNT + 3), {
  files: { drops: "trial_drops.jsonl" },
  end: { ledger: { dropped: { encoder_busy: 2, disk_slow: 1 } } },
});

async function verify(text: object | undefined, files: Partial<DescribedFiles> = {}): Promise<RecordingReport> {
  using directory = new TemporaryDirectory();
  const path = await writeDescribed(directory, { video, timestampsNs, inMovie: text, beside: text, ...files });
  return await verifyRecording(path);
}

async function problemsOf(text: object, files: Partial<DescribedFiles> = {}): Promise<readonly string[]> {
  return (await verify(text, files)).problems;
}

describe("a ledger", () => {
  test("of drops, each with its line, is sound", async () => {
    const report = await verify(withDrops, { drops });
    expect(report.problems).toEqual([]);
    expect([...(report.drops?.countByReason ?? [])]).toEqual([
      ["encoder_busy", 2],
      ["disk_slow", 1],
    ]);
  });

  test.each<[string, object, string]>([
    [
      "captured too few",
      { captured: COUNT - 1 },
      "does not balance: 9 captured, but 10 recorded, 0 skipped, 0 dropped",
    ],
    ["captured too many", { captured: COUNT + 1 }, "does not balance: 11 captured, but 10 recorded"],
    ["skipped some", { skipped_by_rate_gate: 1 }, "does not balance: 10 captured, but 10 recorded, 1 skipped"],
    [
      "dropped some",
      { dropped: { disk_slow: 2 } },
      "does not balance: 10 captured, but 10 recorded, 0 skipped, 2 dropped",
    ],
    ["recorded too few", { captured: 9, recorded: 9 }, "the ledger says 9 recorded, the video has 10"],
    ["missing frames in no gap", { sensor_gaps: { gaps: 0, missing_frames: 3 } }, "3 frames missing in 0 gaps"],
    ["fewer missing frames than gaps", { sensor_gaps: { gaps: 4, missing_frames: 3 } }, "3 frames missing in 4 gaps"],
  ])("that has %s is not sound", async (_name, ledger, sentence) => {
    expect((await problemsOf(changed(metadata, { end: { ledger } }))).join("\n")).toContain(sentence);
  });

  test("is held against samples and rows, each by itself", async () => {
    const rows = timingLines(timestampsNs.slice(0, -1));
    const problems = await problemsOf(metadata, { rows });
    expect(problems).toContain("the ledger says 10 recorded, the timing file has 9");
    expect(problems).not.toContain("the ledger says 10 recorded, the video has 10");
  });
});

describe("gaps of the sensor", () => {
  test("are held against the rows where all frames are there", async () => {
    const none = changed(metadata, { end: { ledger: { sensor_gaps: { gaps: 0, missing_frames: 0 } } } });
    expect(await problemsOf(none)).toEqual(["the ledger says 0 gaps of the sensor, the rows show 1"]);
    const fewer = changed(metadata, { end: { ledger: { sensor_gaps: { missing_frames: 2 } } } });
    expect(await problemsOf(fewer)).toEqual(["the ledger says 2 frames missing in gaps of the sensor, the rows 3"]);
  });

  const wrong = { sensor_gaps: { gaps: 5, missing_frames: 9 } };
  test.each<[string, object]>([
    ["the camera has no rate that it was set to", { rates: { capture_set: null } }],
    ["the camera was set to another rate than it keeps", { rates: { capture_set: 50 } }],
    ["frames were skipped", { end: { ledger: { skipped_by_rate_gate: 1 } } }],
  ])("prove nothing where %s", async (_name, change) => {
    const { ledger } = changed(metadata, change).end;
    const counted = withCaptured(metadata, COUNT + ledger.skipped_by_rate_gate);
    expect(await problemsOf(changed(changed(counted, { end: { ledger: wrong } }), change))).toEqual([]);
  });

  test("prove nothing where an interval is half-way between one frame and two", async () => {
    const times = timestampsNs.map((ns, index) => ns + (index >= 3 ? 9_000_000n : 0n));
    const said = changed(describe60Fps(video, times), { end: { ledger: wrong } });
    expect(await problemsOf(said, { timestampsNs: times })).toEqual([]);
  });
});

describe("the list of drops", () => {
  test("with a line too few, too many, or of another reason is found", async () => {
    const [first = "", ...rest] = drops.split(/(?<=\n)/);
    expect(await problemsOf(withDrops, { drops: rest.join("") })).toEqual([
      "the ledger says 3 dropped, the list of drops has 2 lines",
    ]);
    expect(await problemsOf(withDrops, { drops: drops + first })).toEqual([
      '3 lines of drops say "encoder_busy", the ledger 2',
    ]);
    expect(await problemsOf(withDrops, { drops: rest.join("") + dropLine("toString") })).toEqual([
      '1 lines of drops say "toString", the ledger 0',
      "the ledger says 3 dropped, the list of drops has 3 lines",
    ]);
  });

  test("may be short of as many lines as the metadata say, no more and no less", async () => {
    const short = drops
      .split(/(?<=\n)/)
      .slice(1)
      .join("");
    expect(await problemsOf(changed(withDrops, { end: { unwritten_drops: 1 } }), { drops: short })).toEqual([]);
    expect(await problemsOf(changed(withDrops, { end: { unwritten_drops: 2 } }), { drops: short })).toEqual([
      "the ledger says 3 dropped, 2 of them as unwritten, the list of drops has 2 lines",
    ]);
    expect(await problemsOf(changed(withDrops, { end: { unwritten_drops: 1 } }), { drops })).toHaveLength(1);
    const none = changed(withDrops, { end: { unwritten_drops: 3 }, files: { drops: null } });
    expect(await problemsOf(none)).toEqual([]);
  });

  test("that is missing, or that nobody named, is found", async () => {
    expect(await problemsOf(withDrops)).toEqual([
      'metadata name the list of drops "trial_drops.jsonl", it is missing',
      "the ledger says 3 dropped, there is no list of drops",
    ]);
    expect(await problemsOf(metadata, { drops })).toEqual([
      "metadata name no list of drops, but there is one",
      '2 lines of drops say "encoder_busy", the ledger 0',
      '1 lines of drops say "disk_slow", the ledger 0',
    ]);
  });

  test.each<[string, string | Uint8Array]>([
    ["no JSON", "{\n"],
    ["a blank line", "\n"],
    ["no reason", '{"ts":"2026-01-06T14:30:50.001Z","mono_ns":1,"frame_num":1}\n'],
    ["no time", '{"ts":"now","mono_ns":1,"reason":"disk_slow","frame_num":1}\n'],
    ["no end", dropLine("disk_slow").slice(0, -1)],
    ["zeros", "\0".repeat(50)],
    ["no UTF-8", Buffer.from([0xff, 0xfe, 0x0a])],
    ["deep JSON", `${"[".repeat(4000)}\n`],
  ])("with a line that has %s is found, and the line is told", async (_name, line) => {
    const problems = await problemsOf(withDrops, { drops: Buffer.concat([Buffer.from(drops), Buffer.from(line)]) });
    expect(problems).toEqual([expect.stringMatching(/^trial_drops.jsonl: line 4 is ".*, expected a drop$/)]);
    expect(problems[0]?.length).toBeLessThan(600);
  });

  test("of a recording that was broken off may be torn: a note says where", async () => {
    for (const tail of ['{"ts":"20', "\0\0\0", `\0\0${drops}`]) {
      const report = await verify(beginningOf(metadata), { drops: drops + tail });
      expect(report.problems).toEqual([]);
      expect(report.notes[0]).toBe("trial_drops.jsonl is torn from line 4 on");
      expect(report.drops?.count).toBe(3);
    }
    const damaged = await verify(beginningOf(metadata), { drops: `x\n${drops}` });
    expect(damaged.problems).toEqual(['trial_drops.jsonl: line 1 is "x", expected a drop']);
  });

  test("of a recording without metadata is read as well", async () => {
    const { problems, drops: read } = await verify(undefined, { drops });
    expect(problems).toEqual([]);
    expect(read?.count).toBe(3);
  });

  test("without an end, or of endless reasons, is not read to its end", async () => {
    const endless = await problemsOf(withDrops, { drops: Buffer.alloc(3_000_000, "x") });
    expect(endless).toContain("trial_drops.jsonl is no list of drops: it is not read any further than line 1");
    const reasons = Array.from({ length: 50_000 }, (_, index) => dropLine(`reason ${index}`)).join("");
    const report = await verify(withDrops, { drops: reasons });
    expect(report.problems).toContain(
      "trial_drops.jsonl is no list of drops: it is not read any further than line 101",
    );
    expect(report.problems.length).toBeLessThan(10);
  });

  test("that is a folder is found", async () => {
    using directory = new TemporaryDirectory();
    const files = { video, timestampsNs, inMovie: withDrops, beside: withDrops };
    const path = await writeDescribed(directory, files);
    mkdirSync(directory.file("trial_drops.jsonl"));
    expect((await verifyRecording(path)).problems[0]).toEndWith("trial_drops.jsonl is not a file");
  });
});
