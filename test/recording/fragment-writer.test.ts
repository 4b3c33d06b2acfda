import { describe, expect, test } from "bun:test";
import { appendFileSync, readFileSync, statSync } from "node:fs";
import type { RuntimeError } from "../../src/errors.ts";
import { SYCC } from "../../src/capture/stream-format.ts";
import { FragmentWriter } from "../../src/recording/fragment-writer.ts";
import { metadataBox } from "../../src/recording/metadata/metadata-box.ts";
import { FragmentedMp4 } from "../../src/recording/mp4/fragmented-mp4.ts";
import { createRecordingFiles, type RecordingFiles } from "../../src/recording/recording-files.ts";
import { TimingCsvFormatter } from "../../src/recording/timing-csv.ts";
import { verifyRecording } from "../../src/verify/verify-recording.ts";
import { mayMount, SmallDisk } from "../log/small-disk.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { waitUntil } from "../log/wait-until.ts";
import { countRows } from "../support/timing-file.ts";
import { boxAt, boxesIn } from "./mp4/ordinary-video.ts";
import { frameAt } from "./made-up-frames.ts";
import { madeUpMetadata } from "./metadata/made-up-metadata.ts";

const LABEL = "🎬";
const TRACK = { codec: "mjpeg", width: 16, height: 16, colour: SYCC } as const;

/** A writer into files of its own, with everything that it says. */
class WriterUnderTest implements AsyncDisposable {
  readonly written: number[] = [];
  readonly lost: number[] = [];
  readonly failures: RuntimeError[] = [];
  readonly writer: FragmentWriter;
  readonly videoPath: string;
  readonly timingPath: string;
  readonly #directory: TemporaryDirectory;
  readonly #files: RecordingFiles;

  /** `disk`: where the files are to be, if not in a temporary directory. */
  static async open(disk?: SmallDisk): Promise<WriterUnderTest> {
    const directory = new TemporaryDirectory();
    const sessionDir = `${(disk ?? directory).path}/session_1`;
    const place = { sessionDir, cameraLabel: "cam", trialNumber: 1 };
    return new WriterUnderTest(directory, await createRecordingFiles(place));
  }

  private constructor(directory: TemporaryDirectory, files: RecordingFiles) {
    this.#directory = directory;
    this.videoPath = files.video.path;
    this.timingPath = files.timing.path;
    this.#files = files;
    this.writer = new FragmentWriter(files, new TimingCsvFormatter(1, "picam:0", LABEL), 40_000, {
      onWritten: (frames) => void this.written.push(...frames.map(({ frameNumber }) => frameNumber)),
      onLost: (frames) => void this.lost.push(...frames.map(({ frameNumber }) => frameNumber)),
      onFailure: (error) => void this.failures.push(error),
    });
  }

  begin(): void {
    const metadata = madeUpMetadata(TRACK, { label: LABEL });
    this.writer.begin(new FragmentedMp4(TRACK, metadataBox(metadata)), metadata);
  }

  add(number: number, milliseconds: number, byteCount = 4): void {
    const data = new Uint8Array(byteCount);
    data.set([0xff, 0xd8]);
    data.set([0xff, 0xd9], byteCount - 2);
    this.writer.add({ data, isKey: true, frame: frameAt(number, milliseconds) });
  }

  /** How many samples each fragment on the disk has. */
  fragmentSizes(): number[] {
    return boxesIn(readFileSync(this.videoPath)).flatMap(({ type, payload }) =>
      type === "moof" ? [payload.readUInt32BE(payload.indexOf("trun") + 8)] : [],
    );
  }

  /** The disk syncs nothing until this is resolved; tells how often it was asked to. */
  holdDisk(until: Promise<void>): { syncs: number } {
    const asked = { syncs: 0 };
    const { video } = this.#files;
    const datasync = video.datasync.bind(video);
    video.datasync = async () => {
      asked.syncs++;
      await until;
      await datasync();
    };
    return asked;
  }

  /** The disk goes away. */
  async breakVideo(): Promise<void> {
    await this.#files.video.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.writer.finish(undefined).catch(() => undefined);
    await this.#files.metadata.finish(undefined);
    this.#directory[Symbol.dispose]();
  }
}

/** Leaves no block of the disk free. */
function fillUp(disk: SmallDisk): void {
  try {
    for (;;) appendFileSync(`${disk.path}/filler`, new Uint8Array(4096));
  } catch {
    // Full, as it is to be.
  }
}

describe("FragmentWriter", () => {
  test("writes each sample with its row, at its time, the last one as long as it is told", async () => {
    await using under = await WriterUnderTest.open();
    under.begin();
    const times = [0, 33.3337, 66.6664999, 100, 900, 900.001];
    for (const [number, time] of times.entries()) under.add(number, time);
    await under.writer.finish(undefined);
    const { samples, rows, problems, durationSeconds } = await verifyRecording(under.videoPath);
    expect({ samples, rows, problems }).toEqual({ samples: 6, rows: 6, problems: [] });
    expect(durationSeconds).toBeCloseTo(0.940_001, 6);
    expect(under.written).toEqual([0, 1, 2, 3, 4, 5]);
    expect(under.lost).toEqual([]);
  });

  test("is empty until it begins", async () => {
    await using under = await WriterUnderTest.open();
    expect(under.writer.isEmpty).toBe(true);
    under.begin();
    expect(under.writer.isEmpty).toBe(false);
  });

  test("finishes without a sample", async () => {
    await using under = await WriterUnderTest.open();
    await under.writer.finish(undefined);
    expect(statSync(under.videoPath).size).toBe(0);
    expect(countRows(under.timingPath)).toBe(0);
  });

  test("has rows on disk half a second of video later, never before their samples", async () => {
    await using under = await WriterUnderTest.open();
    under.begin();
    for (let number = 0; number < 60; number++) under.add(number, number * 33.333);
    await waitUntil("rows", () => countRows(under.timingPath) >= 44);
    const { samples } = await verifyRecording(under.videoPath);
    expect(countRows(under.timingPath)).toBeLessThanOrEqual(samples);
    await under.writer.finish(undefined);
    expect(countRows(under.timingPath)).toBe(60);
  });

  test("is full while 32 MiB wait for the disk, and not any more once they are written", async () => {
    await using under = await WriterUnderTest.open();
    under.begin();
    for (let number = 0; number < 20; number++) under.add(number, number * 600, 4 * 1024 * 1024);
    expect(under.writer.isFull).toBe(true);
    await waitUntil("the disk", () => !under.writer.isFull, 20_000);
    await under.writer.finish(undefined);
    expect(under.written).toHaveLength(20);
  }, 30_000);

  test("cuts fragments of half a second where all samples are key frames, and earlier ones of 8 MiB", async () => {
    await using under = await WriterUnderTest.open();
    under.begin();
    for (let number = 0; number < 60; number++) under.add(number, number * 33.333);
    for (let number = 60; number < 66; number++) under.add(number, number * 33.333, 3 * 1024 * 1024);
    await waitUntil("samples on disk", () => under.written.length >= 63);
    expect(under.fragmentSizes()).toEqual([16, 16, 16, 15]);
    await under.writer.finish(undefined);
  });

  test("writes all that waited for a slow disk together, in fragments of their own", async () => {
    await using under = await WriterUnderTest.open();
    const { promise, resolve } = Promise.withResolvers<void>();
    const asked = under.holdDisk(promise);
    under.begin();
    for (let number = 0; number < 300; number++) under.add(number, number * 33.333);
    await waitUntil("a sync", () => asked.syncs > 0);
    expect(under.written).toEqual([]);
    resolve();
    await waitUntil("samples on disk", () => under.written.length >= 288);
    // One for the beginning, one before all of them are revealed and one after.
    expect(asked.syncs).toBe(3);
    expect(under.fragmentSizes()).toEqual(Array.from({ length: 18 }, () => 16));
    await under.writer.finish(undefined);
    expect(await verifyRecording(under.videoPath)).toMatchObject({ samples: 300, rows: 300, problems: [] });
  });

  test("leaves an ordinary MP4 with the metadata that it is given", async () => {
    await using under = await WriterUnderTest.open();
    under.begin();
    const timesMs = Array.from({ length: 30 }, (_, number) => number * 33.333);
    for (const [number, time] of timesMs.entries()) under.add(number, time);
    const metadata = madeUpMetadata(TRACK, { label: LABEL, timesMs });
    await under.writer.finish(metadata);
    const bytes = readFileSync(under.videoPath);
    expect(boxesIn(bytes).map(({ type }) => type)).toEqual(["ftyp", "mdat", "moov"]);
    const uuid = Buffer.from("9f1c7b525c1e4f0a8d3b6a2f4e07c9d1", "hex");
    expect(boxAt(bytes, ["moov", "uuid"]).payload).toEqual(Buffer.concat([uuid, Buffer.from(metadata)]));
    expect(await verifyRecording(under.videoPath)).toMatchObject({ samples: 30, rows: 30, problems: [] });
  });

  test.skipIf(!mayMount)("leaves the fragmented MP4 where there is no room for the end, and says so", async () => {
    using disk = new SmallDisk("256k");
    await using under = await WriterUnderTest.open(disk);
    under.begin();
    for (let number = 0; number < 1000; number++) under.add(number, number * 10);
    await waitUntil("samples on disk", () => under.written.length >= 900);
    fillUp(disk);
    await expect(under.writer.finish(undefined)).rejects.toMatchObject({
      code: "disk_full",
      message: expect.stringContaining(`${under.videoPath} stays a fragmented MP4: cannot write`),
    });
    const { samples, rows, problems } = await verifyRecording(under.videoPath);
    expect({ samples, rows, problems }).toEqual({
      samples: under.written.length,
      rows: under.written.length,
      problems: [],
    });
  });

  test("reports a failure once, and every sample after it as lost, none twice", async () => {
    await using under = await WriterUnderTest.open();
    under.begin();
    for (let number = 0; number < 5; number++) under.add(number, number * 600);
    await waitUntil("three fragments", () => under.written.length >= 3);
    await under.breakVideo();
    for (let number = 5; number < 10; number++) under.add(number, number * 600);
    await under.writer.finish(undefined).catch(() => undefined);
    expect(under.failures.map(({ code }) => code)).toEqual(["disk_error"]);
    expect([...under.written, ...under.lost]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(under.lost.length).toBeGreaterThanOrEqual(5);
    expect(readFileSync(under.timingPath, "utf8").trimEnd().split("\n")).toHaveLength(1 + under.written.length);
  });
});
