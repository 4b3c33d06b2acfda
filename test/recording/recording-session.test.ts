import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { RuntimeError } from "../../src/errors.ts";
import type { LedgerReport } from "../../src/pipeline/frame-ledger.ts";
import { verifyRecording } from "../../src/verify/verify-recording.ts";
import { mayMount, SmallDisk } from "../log/small-disk.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { waitUntil } from "../log/wait-until.ts";
import { decodeFrameNumbers } from "../support/decode-video.ts";
import { FakeEncoders } from "../support/fake-encoder.ts";
import { openFiles } from "../support/open-files.ts";
import { probeVideo } from "../support/probe-video.ts";
import { countRows, expectedTimesUs, readTimingFile } from "../support/timing-file.ts";
import { RecordingUnderTest } from "./recording-under-test.ts";

const LEDGER: LedgerReport = {
  captured: 0,
  recorded: 0,
  skipped_by_rate_gate: 0,
  dropped: {},
  sensor_gaps: { gaps: 0, missing_frames: 0 },
};
const range = (count: number, step = 1) => Array.from({ length: count }, (_, index) => index * step);
const fake = (encoders: FakeEncoders) => ({ openEncoder: encoders.open, settings: { codec: "mjpeg" as const } });
const broken = () => new RuntimeError("encoder_failed", "it broke");

const openFilesIn = (directory: string) => openFiles().filter((path) => path.startsWith(directory));

describe("a recording by the real encoders", () => {
  for (const codec of ["h264", "mjpeg"] as const) {
    test(`${codec}: every frame is a sample and a row, at the sensor's time to the microsecond`, async () => {
      await using recording = await RecordingUnderTest.start({ settings: { codec } });
      await recording.feed(150);
      const { ledger, isBalanced, failure, videoPath } = await recording.stop();
      expect({ ledger, isBalanced, failure }).toEqual({
        ledger: { ...LEDGER, captured: 150, recorded: 150 },
        isBalanced: true,
        failure: undefined,
      });
      expect(videoPath).toBe(recording.paths.video);
      const { rows } = readTimingFile(recording.paths.timing);
      const { packets } = await probeVideo(recording.paths.video);
      expect(rows).toHaveLength(150);
      expect(packets.map(({ pts }) => pts)).toEqual(expectedTimesUs(rows));
      expect(await decodeFrameNumbers(recording.paths.video)).toEqual(range(150));
      const { problems, durationSeconds } = await verifyRecording(recording.paths.video);
      expect(problems).toEqual([]);
      expect(durationSeconds).toBeCloseTo(2.5, 4);
      expect(recording.frames.held).toBe(0);
      expect(existsSync(recording.paths.drops)).toBe(false);
    }, 30_000);
  }

  test("a row holds the frame's own clocks", async () => {
    await using recording = await RecordingUnderTest.start({ trial: { trialNumber: 7, trialLabel: 'a "b", c' } });
    recording.offer();
    await recording.stop();
    expect(readFileSync(recording.paths.timing, "utf8").split("\n")[1]).toBe(
      '7,CSICameras,picam:0,"a ""b"", c",1767748502.723745,156789.123456789,1,1234567890123456789,1',
    );
  });

  test("has a key frame each second", async () => {
    await using recording = await RecordingUnderTest.start({ frameRate: 30 });
    await recording.feed(135);
    await recording.stop();
    const { packets } = await probeVideo(recording.paths.video);
    const keys = packets.flatMap(({ flags }, index) => (flags.startsWith("K") ? [index] : []));
    expect(keys).toEqual([0, 30, 60, 90, 120]);
  }, 30_000);

  test("counts what the rate gate leaves out, and keeps the right pictures", async () => {
    await using recording = await RecordingUnderTest.start({ settings: { recordFps: 20 } });
    await recording.feed(120);
    const { ledger } = await recording.stop();
    expect(ledger).toEqual({ ...LEDGER, captured: 120, recorded: 40, skipped_by_rate_gate: 80 });
    expect(await decodeFrameNumbers(recording.paths.video)).toEqual(range(40, 3));
    expect(existsSync(recording.paths.drops)).toBe(false);
  }, 30_000);

  test("drops frames that the encoder has no room for, each with a line", async () => {
    // bufferCount 4: the encoder may hold two frames.
    await using recording = await RecordingUnderTest.start({ width: 640, height: 480, bufferCount: 4 });
    for (let count = 0; count < 10; count++) recording.offer();
    const { ledger, isBalanced } = await recording.stop();
    expect(ledger).toEqual({ ...LEDGER, captured: 10, recorded: 2, dropped: { encoder_busy: 8 } });
    expect(isBalanced).toBe(true);
    const lines = readFileSync(recording.paths.drops, "utf8").trimEnd().split("\n");
    expect(lines).toEqual(recording.dropLines);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      range(8).map((index) => ({
        ts: expect.any(String),
        mono_ns: expect.any(Number),
        reason: "encoder_busy",
        frame_num: index + 2,
      })),
    );
    expect(await decodeFrameNumbers(recording.paths.video)).toEqual([0, 1]);
    expect((await verifyRecording(recording.paths.video)).problems).toEqual([]);
  }, 30_000);

  test("rows are on disk while it records", async () => {
    await using recording = await RecordingUnderTest.start();
    await recording.feed(90);
    await waitUntil("the first half second's rows", () => countRows(recording.paths.timing) >= 30);
    await recording.stop();
    expect(countRows(recording.paths.timing)).toBe(90);
  });

  test("stop is idempotent, and what is offered afterwards is not taken", async () => {
    await using recording = await RecordingUnderTest.start();
    await recording.feed(10);
    const [first, second] = await Promise.all([recording.stop(), recording.stop()]);
    expect(second).toBe(first);
    recording.offer();
    recording.session.offerBad("frame_error", 1, null);
    expect((await recording.stop()).ledger).toEqual({ ...LEDGER, captured: 10, recorded: 10 });
    expect(recording.frames.held).toBe(0);
  });

  test("without a frame leaves no file behind", async () => {
    await using recording = await RecordingUnderTest.start();
    const report = await recording.stop();
    expect(report).toEqual({
      ...{ videoPath: undefined, ledger: LEDGER, isBalanced: true },
      ...{ reason: "stop_recording", clockSteps: { count: 0, totalMs: 0 }, unwrittenDrops: 0 },
      ...{ metadataFailure: undefined, failure: undefined },
    });
    expect(readdirSync(dirname(recording.paths.video))).toEqual([]);
  });

  test("of one frame is sound", async () => {
    await using recording = await RecordingUnderTest.start();
    recording.offer();
    await recording.stop();
    expect(await verifyRecording(recording.paths.video)).toMatchObject({ samples: 1, rows: 1, problems: [] });
  });
});

describe("the books of a recording", () => {
  test("a sensor's gap is counted once, beside the frames, and is a gap in the video's times", async () => {
    await using recording = await RecordingUnderTest.start();
    await recording.feed(5);
    recording.offer({ step: 4 });
    await recording.feed(5);
    recording.offer({ step: 2 });
    const { ledger } = await recording.stop();
    expect(ledger).toEqual({ ...LEDGER, captured: 12, recorded: 12, sensor_gaps: { gaps: 2, missing_frames: 4 } });
    expect((await verifyRecording(recording.paths.video)).problems).toEqual([]);
  });

  test("a gap that the rate gate spans is counted all the same", async () => {
    await using recording = await RecordingUnderTest.start({ settings: { recordFps: 10 } });
    await recording.feed(8);
    recording.offer({ step: 3 });
    const { ledger } = await recording.stop();
    expect(ledger.sensor_gaps).toEqual({ gaps: 1, missing_frames: 2 });
  });

  test("damaged frames are captured and dropped, not missing once more", async () => {
    await using recording = await RecordingUnderTest.start();
    await recording.feed(5);
    recording.session.offerBad("frame_error", 1, 5);
    recording.session.offerBad("capture_overflow", 2, null);
    recording.offer({ step: 4 });
    const { ledger, isBalanced } = await recording.stop();
    expect(ledger).toEqual({ ...LEDGER, captured: 9, recorded: 6, dropped: { frame_error: 1, capture_overflow: 2 } });
    expect(isBalanced).toBe(true);
    expect(recording.dropLines).toHaveLength(3);
    expect(recording.dropLines.map((line) => /"frame_num":(\w+)/.exec(line)?.[1])).toEqual(["5", "null", "null"]);
  });

  test("frames that are known to be bad before the hole shows are not missing once more", async () => {
    await using recording = await RecordingUnderTest.start();
    await recording.feed(5);
    recording.session.offerBad("capture_overflow", 3, null);
    // These waited in the ring when it was full.
    await recording.feed(4);
    recording.offer({ step: 4 });
    const { ledger } = await recording.stop();
    expect(ledger).toEqual({ ...LEDGER, captured: 13, recorded: 10, dropped: { capture_overflow: 3 } });
  });

  for (const recordFps of [60, 30]) {
    test(`a sensor clock that steps back is said of each frame, and ends the recording (${recordFps} frames/s)`, async () => {
      const encoders = new FakeEncoders();
      const { openEncoder } = fake(encoders);
      await using recording = await RecordingUnderTest.start({ openEncoder, settings: { codec: "mjpeg", recordFps } });
      await recording.feed(60);
      for (let index = 0; index < 130; index++) recording.offer({ offsetNs: -10_000_000_000 });
      const { ledger, isBalanced } = await recording.stop();
      expect(ledger.dropped).toEqual({ frame_error: 130 });
      expect(ledger.skipped_by_rate_gate).toBe(recordFps === 60 ? 0 : 30);
      expect({ captured: ledger.captured, isBalanced }).toEqual({ captured: 190, isBalanced: true });
      expect(recording.dropLines).toHaveLength(130);
      expect(recording.failures.map(({ code }) => code)).toEqual(["camera_failed"]);
    });
  }

  test("frames that come after the sensor's clock was given up are the camera's fault, not the disk's", async () => {
    const encoders = new FakeEncoders();
    await using recording = await RecordingUnderTest.start(fake(encoders));
    await recording.feed(10);
    for (let index = 0; index < 130; index++) recording.offer({ offsetNs: -10_000_000_000 });
    await recording.feed(3);
    const { ledger, isBalanced } = await recording.stop();
    expect(ledger.dropped).toEqual({ frame_error: 133 });
    expect(isBalanced).toBe(true);
  });

  test("one timestamp that lies hours ahead costs that frame only", async () => {
    await using recording = await RecordingUnderTest.start();
    await recording.feed(5);
    recording.offer({ offsetNs: 7_200_000_000_000 });
    await recording.feed(5);
    const { ledger } = await recording.stop();
    expect(ledger).toMatchObject({ captured: 11, recorded: 10, dropped: { frame_error: 1 } });
    expect(recording.failures).toEqual([]);
  });

  test("drops that their file can't take are counted in the report", async () => {
    const encoders = new FakeEncoders((count) => (count === 3 ? "encoder_skip" : "chunk"));
    await using recording = await RecordingUnderTest.start(fake(encoders));
    mkdirSync(recording.paths.drops);
    await recording.feed(6);
    expect((await recording.stop()).unwrittenDrops).toBe(1);
  });

  test("damaged frames within a larger gap leave the rest missing", async () => {
    await using recording = await RecordingUnderTest.start();
    await recording.feed(5);
    recording.session.offerBad("frame_error", 1, 5);
    recording.offer({ step: 5 });
    const { ledger } = await recording.stop();
    expect(ledger).toEqual({
      ...LEDGER,
      ...{ captured: 7, recorded: 6, dropped: { frame_error: 1 } },
      sensor_gaps: { gaps: 1, missing_frames: 3 },
    });
  });

  test("a timestamp that does not rise is a damaged frame", async () => {
    await using recording = await RecordingUnderTest.start();
    await recording.feed(5);
    recording.offer({ offsetNs: -40_000_000 });
    recording.offer();
    const { ledger } = await recording.stop();
    expect(ledger).toMatchObject({ captured: 7, recorded: 6, dropped: { frame_error: 1 } });
    expect((await verifyRecording(recording.paths.video)).problems).toEqual([]);
  });
});

describe("a recording whose encoder", () => {
  test("skips frames counts them and keeps rows and samples together", async () => {
    const encoders = new FakeEncoders((count) => (count % 4 === 0 ? "encoder_skip" : "chunk"));
    await using recording = await RecordingUnderTest.start(fake(encoders));
    await recording.feed(40);
    const { ledger, isBalanced } = await recording.stop();
    expect(ledger).toEqual({ ...LEDGER, captured: 40, recorded: 30, dropped: { encoder_skip: 10 } });
    expect(isBalanced).toBe(true);
    const { samples, rows, problems } = await verifyRecording(recording.paths.video);
    expect({ samples, rows, problems }).toEqual({ samples: 30, rows: 30, problems: [] });
    const numbers = readTimingFile(recording.paths.timing).rows.map((row) =>
      Number(row.sensorTimestampNs / 1_000_000n),
    );
    expect(new Set(numbers).size).toBe(30);
  });

  test("skips frames for other reasons says each of them", async () => {
    const encoders = new FakeEncoders((count) => {
      if (count % 5 === 2) return "encoder_error";
      return count > 30 && count <= 33 ? "encoder_stall" : "chunk";
    });
    await using recording = await RecordingUnderTest.start(fake(encoders));
    await recording.feed(40);
    const { ledger, isBalanced, failure } = await recording.stop();
    expect(ledger).toEqual({
      ...LEDGER,
      ...{ captured: 40, recorded: 30, dropped: { encoder_error: 8, encoder_stall: 2 } },
    });
    expect({ isBalanced, failure }).toEqual({ isBalanced: true, failure: undefined });
    const reasons = recording.dropLines.map((line) => /"reason":"(\w+)"/.exec(line)?.[1]);
    expect(new Set(reasons)).toEqual(new Set(["encoder_error", "encoder_stall"]));
  });

  test("restarts goes on, and its warning is passed on", async () => {
    const encoders = new FakeEncoders();
    await using recording = await RecordingUnderTest.start(fake(encoders));
    await recording.feed(4);
    encoders.last.warn("encoder_restarted", "it stalled");
    await recording.feed(4);
    const { ledger, failure } = await recording.stop();
    expect(recording.warnings).toEqual(["encoder_restarted: it stalled"]);
    expect({ recorded: ledger.recorded, failure }).toEqual({ recorded: 8, failure: undefined });
  });

  test("refuses frames counts them as busy", async () => {
    const encoders = new FakeEncoders((count) => (count > 5 ? false : "chunk"));
    await using recording = await RecordingUnderTest.start(fake(encoders));
    await recording.feed(8);
    expect((await recording.stop()).ledger).toMatchObject({ captured: 8, recorded: 5, dropped: { encoder_busy: 3 } });
  });

  test("fails in the middle says so once; what comes afterwards is dropped, what was encoded is kept", async () => {
    const encoders = new FakeEncoders((count) => (count > 8 ? "nothing" : "chunk"));
    await using recording = await RecordingUnderTest.start(fake(encoders));
    await recording.feed(10);
    encoders.last.fail(broken());
    encoders.last.fail(broken());
    await recording.feed(5);
    expect(recording.failures.map(({ code }) => code)).toEqual(["encoder_failed"]);
    const { ledger, isBalanced, failure } = await recording.stop();
    expect(ledger).toEqual({
      ...LEDGER,
      ...{ captured: 15, recorded: 8, dropped: { encoder_failed: 7 } },
    });
    expect({ isBalanced, code: failure?.code, closes: encoders.last.closes }).toEqual({
      isBalanced: true,
      code: "encoder_failed",
      closes: 1,
    });
    expect(countRows(recording.paths.timing)).toBe(8);
    expect(recording.frames.held).toBe(0);
  });

  test("never answers loses those frames only, with the reason", async () => {
    const encoders = new FakeEncoders((count) => (count > 6 ? "nothing" : "chunk"));
    await using recording = await RecordingUnderTest.start(fake(encoders));
    await recording.feed(8);
    const { ledger, isBalanced } = await recording.stop();
    expect(ledger).toMatchObject({ captured: 8, recorded: 6, dropped: { encoder_failed: 2 } });
    expect(isBalanced).toBe(true);
    expect(recording.frames.held).toBe(0);
  });

  test("fails while it drains is in the report, with the files closed and whole", async () => {
    const encoders = new FakeEncoders();
    await using recording = await RecordingUnderTest.start(fake(encoders));
    await recording.feed(10);
    encoders.last.onDrain = () => Promise.reject(broken());
    const { ledger, failure, isBalanced } = await recording.stop();
    expect({ code: failure?.code, isBalanced, recorded: ledger.recorded }).toEqual({
      code: "encoder_failed",
      isBalanced: true,
      recorded: 10,
    });
    expect(recording.failures).toEqual([]);
    expect(encoders.last.closes).toBe(1);
    expect(openFilesIn(dirname(recording.paths.video))).toEqual([]);
    expect(countRows(recording.paths.timing)).toBe(10);
  });

  test("throws when it is given a frame loses that frame, not the books' balance", async () => {
    const encoders = new FakeEncoders((count) => (count === 5 ? broken() : "chunk"));
    await using recording = await RecordingUnderTest.start(fake(encoders));
    await recording.feed(4);
    try {
      recording.offer();
    } catch {
      // The router keeps the next consumer from it.
    }
    await recording.feed(3);
    const { ledger, isBalanced } = await recording.stop();
    expect({ ledger, isBalanced }).toMatchObject({ isBalanced: true, ledger: { captured: 8 } });
  });

  test("can't be opened leaves no file", async () => {
    using directory = new TemporaryDirectory();
    const sessionDir = directory.file("session_1");
    const starting = RecordingUnderTest.start({
      trial: { sessionDir },
      openEncoder: async () => Promise.reject(new RuntimeError("encoder_unavailable", "none")),
    });
    await expect(starting).rejects.toMatchObject({ code: "encoder_unavailable" });
    expect(readdirSync(`${sessionDir}/CSICameras/cam_0`)).toEqual([]);
  });
});

describe.skipIf(!mayMount)("a recording on a disk that fills up", () => {
  const onDisk = (disk: SmallDisk) => ({
    trial: { sessionDir: `${disk.path}/session_1` },
    settings: { bitrate: 40_000_000 },
    width: 640,
    height: 480,
  });

  test("fails with disk_full, once; the books balance, the files are closed and end with a whole fragment", async () => {
    using disk = new SmallDisk("4m");
    await using recording = await RecordingUnderTest.start(onDisk(disk));
    for (let count = 0; count < 2000 && recording.failures.length === 0; count += 30) await recording.feed(30);
    await recording.feed(20);
    const { ledger, isBalanced, failure } = await recording.stop();
    expect(recording.failures.map(({ code }) => code)).toEqual(["disk_full"]);
    expect({ code: failure?.code, isBalanced }).toEqual({ code: "disk_full", isBalanced: true });
    expect(ledger.recorded).toBeGreaterThan(0);
    expect(ledger.dropped["disk_error"]).toBeGreaterThanOrEqual(20);
    expect(openFilesIn(disk.path)).toEqual([]);
    expect(recording.frames.held).toBe(0);
    const { samples, rows, problems } = await verifyRecording(recording.paths.video);
    expect({ samples, rows, problems }).toEqual({ samples: ledger.recorded, rows: ledger.recorded, problems: [] });
  }, 60_000);

  test("before its first sample has no video", async () => {
    using disk = new SmallDisk("16k");
    await using recording = await RecordingUnderTest.start(onDisk(disk));
    try {
      await Bun.write(`${disk.path}/filler`, new Uint8Array(100_000));
    } catch {
      // Full, as it is to be.
    }
    await recording.feed(60);
    const { ledger, isBalanced, failure, videoPath } = await recording.stop();
    expect({ code: failure?.code, isBalanced, recorded: ledger.recorded }).toEqual({
      code: "disk_full",
      isBalanced: true,
      recorded: 0,
    });
    expect(videoPath).toBeUndefined();
  }, 30_000);
});
