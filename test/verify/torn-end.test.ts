import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { runRepair } from "../../src/repair/repair-command.ts";
import type { RecordingReport } from "../../src/verify/recording-report.ts";
import { UnreadableFileError } from "../../src/verify/unreadable-file-error.ts";
import { verifyRecording } from "../../src/verify/verify-recording.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { drawFrom } from "../recording/file-history.ts";
import { encodeH264Video, encodeJpegVideo } from "../recording/mp4/encoded-video.ts";
import { recordHistory } from "../recording/recorded-history.ts";
import { beginningOf, describe60Fps, writeDescribed } from "./describe-recording.ts";
import { sensorTimestamps } from "./write-recording.ts";

/** Fragments of 5, 5, 2 and 4 samples, the last two of them written together. */
const TIMES_MS = Array.from({ length: 16 }, (_, index) => index * 100);
const COUNT = TIMES_MS.length;
const encoded = encodeH264Video({ frames: COUNT, x264: "keyint=12:min-keyint=12:scenecut=0" });
const recorded = await recordHistory(encoded, TIMES_MS);
const broken = recorded.history.afterKill(recorded.operationsBeforeFinish);
const video = broken.get(recorded.video) ?? Buffer.alloc(0);
const timing = broken.get(recorded.timing)?.toString() ?? "";
const [header = "", ...rows] = timing.split(/(?<=video_pts\n|,\d+\n)/);

interface Judged {
  readonly report: RecordingReport | undefined;
  readonly reason: string;
}

/** `isRepaired`: after `repair`. `metadata`: what is beside the video. */
async function judge(
  videoBytes: Uint8Array,
  timingBytes: string | Uint8Array,
  { isRepaired = false, metadata = recorded.begun }: { isRepaired?: boolean; metadata?: string | Uint8Array } = {},
): Promise<Judged> {
  using directory = new TemporaryDirectory();
  const path = directory.file("x.mp4");
  writeFileSync(path, videoBytes);
  writeFileSync(directory.file("x_timing.csv"), timingBytes);
  writeFileSync(directory.file("x_recording.json"), metadata);
  if (isRepaired) await runRepair([path], { write: () => undefined });
  try {
    return { report: await verifyRecording(path), reason: "" };
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    return { report: undefined, reason: error.message };
  }
}

async function expectTorn(videoBytes: Uint8Array, timingBytes: string | Uint8Array): Promise<void> {
  const { report } = await judge(videoBytes, timingBytes);
  expect(report?.problems).not.toEqual([]);
  expect(report).toMatchObject({ isTornEndOnly: true, isUnfinished: true });
  expect(report?.notes.join("\n")).toContain("only its end is torn: csi-camera repair mends it");
  const repaired = (await judge(videoBytes, timingBytes, { isRepaired: true })).report;
  expect(repaired).toMatchObject({ problems: [], isTornEndOnly: false, isUnfinished: false });
}

/** Not sound, and by more than a torn end. */
async function expectDamaged(videoBytes: Uint8Array, timingBytes: string | Uint8Array): Promise<void> {
  const { report } = await judge(videoBytes, timingBytes);
  if (report === undefined) return;
  expect(report.problems).not.toEqual([]);
  expect({ problems: report.problems, isTornEndOnly: report.isTornEndOnly }).toMatchObject({ isTornEndOnly: false });
}

const text = (from: number, to?: number): string => [header, ...rows.slice(from, to)].join("");

test("a recording that was broken off between two groups of fragments is sound, and a note tells of repair", async () => {
  const { report } = await judge(video, timing);
  expect(report).toMatchObject({ problems: [], isTornEndOnly: false, isUnfinished: true });
  expect(report?.notes.join("\n")).toContain("csi-camera repair makes an ordinary file of it");
});

describe("only the end is torn, and repair mends it,", () => {
  test("where rows of the last group are missing, or the last row is cut off, or ends in zeros", async () => {
    for (const missing of [1, 3, 6]) await expectTorn(video, text(0, COUNT - missing));
    const last = rows.at(-1) ?? "";
    for (const tail of [
      last.slice(0, -1),
      last.slice(0, 30),
      "\0".repeat(40),
      `${last.slice(0, 9)}${"\0".repeat(80)}`,
    ]) {
      await expectTorn(video, text(0, -1) + tail);
    }
    const hole = `${last.slice(0, 20)}${"\0".repeat(100)}${last}`;
    await expectTorn(video, text(0, COUNT - 3) + hole);
  });

  test("where the last fragment, or what comes behind it, is cut off", async () => {
    const last = video.lastIndexOf("moof");
    for (const length of [last - 4 + 3, last + 4, last + 60, video.lastIndexOf("mdat") - 4, video.length - 1]) {
      await expectTorn(video.subarray(0, length), timing);
    }
    await expectTorn(Buffer.concat([video, Buffer.from([0, 0, 1, 0]), Buffer.from("free")]), timing);
    await expectTorn(Buffer.concat([video, Buffer.alloc(5000)]), timing);
    await expectTorn(Buffer.concat([video, Buffer.alloc(3)]), timing);
  });

  test("where the last group is still hidden, and its rows are there", async () => {
    const hidden = Buffer.from(video);
    const last = video.lastIndexOf("moof");
    const groupAt = video.lastIndexOf("moof", last - 1) - 4 - 8;
    hidden.writeUInt32BE(hidden.length - groupAt, groupAt);
    await expectTorn(hidden, timing);
    await expectTorn(hidden, text(0, COUNT - 2));
  });
});

describe("more than the end is damaged", () => {
  const flipped = (at: number): Buffer => {
    const bytes = Buffer.from(video);
    bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    return bytes;
  };

  test("where a row that was settled is missing or torn", async () => {
    for (const kept of [0, 5, 9]) await expectDamaged(video, text(0, kept));
    await expectDamaged(video, text(0, 4) + "\0".repeat(100) + rows.slice(5).join(""));
  });

  test("where a row is missing before others that are whole, or two are swapped, be it in the last group", async () => {
    for (const index of [0, 4, 10, 14]) {
      await expectDamaged(video, [header, ...rows.toSpliced(index, 1)].join(""));
      const swapped = rows.with(index, rows[index + 1] ?? "").with(index + 1, rows[index] ?? "");
      await expectDamaged(video, [header, ...swapped].join(""));
    }
  });

  test("where there are rows of no pictures by the thousand", async () => {
    await expectDamaged(video, timing + Array.from({ length: 3000 }, () => rows.at(-1) ?? "").join(""));
  });

  test("where a fragment is damaged, the last one too", async () => {
    for (const type of ["moof", "tfdt", "trun", "mdat"]) {
      for (let at = video.indexOf(type); at >= 0; at = video.indexOf(type, at + 4)) {
        await expectDamaged(flipped(at), timing);
        await expectDamaged(flipped(at + 5), timing);
      }
    }
  });

  test("where something is behind the last fragment that the end of no recording leaves", async () => {
    await expectDamaged(Buffer.concat([video, Buffer.from("Lorem ipsum dolor sit amet")]), timing);
  });

  test("where a box swallows groups of fragments", async () => {
    const secondGroup = video.indexOf("moof", video.indexOf("moof") + 4) - 4 - 8;
    const swallowed = Buffer.from(video);
    swallowed.writeUInt32BE(0x7fff_ffff, secondGroup);
    await expectDamaged(swallowed, timing);
  });

  test("where the file is an ordinary one", async () => {
    const files = recorded.history.afterKill(recorded.history.operations.length);
    const ordinary = files.get(recorded.video) ?? Buffer.alloc(0);
    await expectDamaged(ordinary, text(0, -1));
    expect((await judge(ordinary, timing)).report).toMatchObject({ problems: [], isUnfinished: false });
  });
});

test.each([
  ["H.264", encoded, recorded],
  ["MJPEG", encodeJpegVideo(COUNT), await recordHistory(encodeJpegVideo(COUNT), TIMES_MS)],
] as const)(
  "whatever a kill or a power cut leaves of a recording in %s is sound, torn at its end alone, or has no picture yet",
  async (_name, _video, { history, video: videoPath, timing: timingPath, metadata: metadataPath, synced }) => {
    const [first] = synced;
    for (let count = 1; count <= history.operations.length; count++) {
      for (let seed = 1; seed <= 12; seed++) {
        const isKill = seed <= 2;
        const draw = drawFrom(seed * 7919 + count * 31);
        const files = isKill ? history.afterKill(count, draw(9)) : history.afterPowerCut(count, draw);
        const left = [files.get(videoPath) ?? Buffer.alloc(0), files.get(timingPath) ?? Buffer.alloc(0)] as const;
        const metadata = files.get(metadataPath) ?? "";
        const { report } = await judge(...left, { metadata });
        const durable = synced.findLast(({ operations }) => operations <= count)?.samples ?? 0;
        if (report === undefined || report.samples === 0) {
          expect(count).toBeLessThan(first?.operations ?? 0);
          continue;
        }
        const { problems, isTornEndOnly, samples, rows: rowCount } = report;
        expect({ count, seed, problems, isFine: problems.length === 0 || isTornEndOnly }).toMatchObject({
          isFine: true,
        });
        expect(Math.min(samples, rowCount)).toBeGreaterThanOrEqual(durable);
        // Without a row, pictures have no times.
        const isMended = isTornEndOnly && report.notes.join("\n").includes("repair mends it");
        expect(isMended || !isTornEndOnly || durable === 0).toBe(true);
        if (isMended) expect((await judge(...left, { isRepaired: true, metadata })).report?.problems).toEqual([]);
      }
    }
  },
  120_000,
);

describe("of a recording that describes itself", () => {
  const timestampsNs = sensorTimestamps(10);
  const jpeg = encodeJpegVideo(10);
  const begun = beginningOf(describe60Fps(jpeg, timestampsNs));

  test("metadata that are not on the disk are torn off only as long as no group was settled", async () => {
    using directory = new TemporaryDirectory();
    for (const [count, isTornEndOnly] of [
      [4, true],
      [10, false],
    ] as const) {
      const short = { track: jpeg.track, pictures: jpeg.pictures.slice(0, count) };
      const files = { video: short, timestampsNs: timestampsNs.slice(0, count), inMovie: begun, isFragmented: true };
      for (const beside of ["", "\0".repeat(300), undefined]) {
        const name = `${count}_${beside?.length}`;
        const path = await writeDescribed(directory, { ...files, beside, name });
        const report = await verifyRecording(path);
        expect(report.problems).toHaveLength(1);
        expect(report.isTornEndOnly).toBe(isTornEndOnly);
      }
    }
  });

  test("what repair made of it is sound, and its ledger is not known", async () => {
    using directory = new TemporaryDirectory();
    const path = await writeDescribed(directory, {
      ...{ video: jpeg, timestampsNs, inMovie: begun, beside: begun, isFragmented: true },
      drops: '{"ts":"2026',
    });
    expect(await runRepair([path], { write: () => undefined })).toBe(0);
    const { problems, notes, isUnfinished } = await verifyRecording(path);
    expect({ problems, isUnfinished }).toEqual({ problems: [], isUnfinished: false });
    expect(notes).toEqual([
      "trial_drops.jsonl is torn from line 1 on",
      "metadata tell no end: the recording goes on or was broken off, its ledger is not known",
    ]);
  });
});

test("a finished recording that lost its end is unreadable, and told to be one for repair", async () => {
  const files = recorded.history.afterKill(recorded.history.operations.length);
  const ordinary = files.get(recorded.video) ?? Buffer.alloc(0);
  const { reason } = await judge(ordinary.subarray(0, -1), timing);
  expect(reason).toContain("is cut off inside its movie box");
  for (const length of [video.length, video.length - 10, 2000]) {
    const cut = ordinary.subarray(0, length);
    expect((await judge(cut, timing)).reason).toContain("has lost its end");
  }
  expect((await judge(Buffer.alloc(0), "")).reason).toEndWith("x.mp4 is empty");
});
