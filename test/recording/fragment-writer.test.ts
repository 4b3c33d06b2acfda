import { describe, expect, test } from "bun:test";
import { readFileSync, statSync } from "node:fs";
import type { RuntimeError } from "../../src/errors.ts";
import { SYCC } from "../../src/capture/stream-format.ts";
import { FragmentWriter, type RecordedFrame } from "../../src/recording/fragment-writer.ts";
import { FragmentedMp4 } from "../../src/recording/mp4/fragmented-mp4.ts";
import { createRecordingFiles } from "../../src/recording/recording-files.ts";
import { TimingCsvFormatter } from "../../src/recording/timing-csv.ts";
import { verifyRecording } from "../../src/verify/verify-recording.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { waitUntil } from "../log/wait-until.ts";
import { countRows } from "../support/timing-file.ts";

const START_NS = 9_007_199_254_740_993n;

function frameAt(frameNumber: number, milliseconds: number): RecordedFrame {
  const elapsedNs = BigInt(Math.round(milliseconds * 1e6));
  return {
    frameNumber,
    sensorTimestampNs: START_NS + elapsedNs,
    monotonicNs: 1_000_000_000n + elapsedNs,
    realtimeNs: 1_767_748_502_000_000_000n + elapsedNs,
  };
}

/** A writer into files of its own, with everything that it says. */
class WriterUnderTest implements AsyncDisposable {
  readonly written: number[] = [];
  readonly lost: number[] = [];
  readonly failures: RuntimeError[] = [];
  readonly writer: FragmentWriter;
  readonly videoPath: string;
  readonly timingPath: string;
  readonly #directory: TemporaryDirectory;
  readonly #closeVideo: () => Promise<void>;

  static async open(): Promise<WriterUnderTest> {
    const directory = new TemporaryDirectory();
    const place = { sessionDir: directory.file("session_1"), cameraLabel: "cam", trialNumber: 1 };
    return new WriterUnderTest(directory, await createRecordingFiles(place));
  }

  private constructor(directory: TemporaryDirectory, files: Awaited<ReturnType<typeof createRecordingFiles>>) {
    this.#directory = directory;
    this.videoPath = files.video.path;
    this.timingPath = files.timing.path;
    this.#closeVideo = () => files.video.close();
    this.writer = new FragmentWriter(files, new TimingCsvFormatter(1, "picam:0", ""), 40_000, {
      onWritten: (frames) => void this.written.push(...frames.map(({ frameNumber }) => frameNumber)),
      onLost: (frames) => void this.lost.push(...frames.map(({ frameNumber }) => frameNumber)),
      onFailure: (error) => void this.failures.push(error),
    });
  }

  begin(): void {
    this.writer.begin(new FragmentedMp4({ codec: "mjpeg", width: 16, height: 16, colour: SYCC }));
  }

  add(number: number, milliseconds: number, byteCount = 4): void {
    const data = new Uint8Array(byteCount);
    data.set([0xff, 0xd8]);
    data.set([0xff, 0xd9], byteCount - 2);
    this.writer.add({ data, isKey: true, frame: frameAt(number, milliseconds) });
  }

  /** The disk goes away. */
  async breakVideo(): Promise<void> {
    await this.#closeVideo();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.writer.finish().catch(() => undefined);
    this.#directory[Symbol.dispose]();
  }
}

describe("FragmentWriter", () => {
  test("writes each sample with its row, at its time, the last one as long as it is told", async () => {
    await using under = await WriterUnderTest.open();
    under.begin();
    const times = [0, 33.3337, 66.6664999, 100, 900, 900.001];
    for (const [number, time] of times.entries()) under.add(number, time);
    await under.writer.finish();
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
    await under.writer.finish();
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
    await under.writer.finish();
    expect(countRows(under.timingPath)).toBe(60);
  });

  test("is full while 32 MiB wait for the disk, and not any more once they are written", async () => {
    await using under = await WriterUnderTest.open();
    under.begin();
    for (let number = 0; number < 20; number++) under.add(number, number * 600, 4 * 1024 * 1024);
    expect(under.writer.isFull).toBe(true);
    await waitUntil("the disk", () => !under.writer.isFull, 20_000);
    await under.writer.finish();
    expect(under.written).toHaveLength(20);
  }, 30_000);

  test("reports a failure once, and every sample after it as lost, none twice", async () => {
    await using under = await WriterUnderTest.open();
    under.begin();
    for (let number = 0; number < 5; number++) under.add(number, number * 600);
    await waitUntil("three fragments", () => under.written.length >= 3);
    await under.breakVideo();
    for (let number = 5; number < 10; number++) under.add(number, number * 600);
    await under.writer.finish().catch(() => undefined);
    expect(under.failures.map(({ code }) => code)).toEqual(["disk_error"]);
    expect([...under.written, ...under.lost]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(under.lost.length).toBeGreaterThanOrEqual(5);
    expect(readFileSync(under.timingPath, "utf8").trimEnd().split("\n")).toHaveLength(1 + under.written.length);
  });
});
