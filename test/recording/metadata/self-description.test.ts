import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { RuntimeError } from "../../../src/errors.ts";
import { VERSION } from "../../../src/version.ts";
import { mayMount, SmallDisk } from "../../log/small-disk.ts";
import { waitUntil } from "../../log/wait-until.ts";
import { FakeEncoders } from "../../support/fake-encoder.ts";
import { openFiles } from "../../support/open-files.ts";
import { readMetadata } from "../../support/read-metadata.ts";
import { countRows, readTimingFile } from "../../support/timing-file.ts";
import { RecordingUnderTest, type RecordingUnderTestOptions } from "../recording-under-test.ts";

const fake = (encoders = new FakeEncoders()) => ({ openEncoder: encoders.open, settings: { codec: "mjpeg" as const } });

/** Records so many frames, and tells what the recording says of itself. */
async function describeRecording(options: RecordingUnderTestOptions, frames: number) {
  await using recording = await RecordingUnderTest.start(options);
  await recording.feed(frames);
  const { metadataFailure } = await recording.stop();
  expect(metadataFailure).toBeUndefined();
  const { beside, isSame } = readMetadata(recording.paths);
  expect(isSame).toBe(true);
  return beside;
}

const installedMp4box = (): unknown =>
  JSON.parse(readFileSync(join(import.meta.dir, "../../../node_modules/mp4box/package.json"), "utf8"));

describe("a recording that has ended says", () => {
  test("all of itself, nanoseconds beyond 2^53 exactly", async () => {
    await using recording = await RecordingUnderTest.start({
      settings: { recordFps: 20, captureFps: 61.5 },
      trial: { trialNumber: 7, trialLabel: "tone, left" },
    });
    await recording.feed(61);
    await recording.stop();
    const { beside, isSame } = readMetadata(recording.paths);
    expect(isSame).toBe(true);
    const stem = "20260106_081726_CSI_trial007_cam_0";
    expect(beside).toEqual({
      format_version: 1,
      versions: { csi_camera: VERSION, bun: Bun.version, mp4box: expect.any(String), libcamera: null },
      camera: { device_id: "picam:0", camera_id: "made-up", model: "made-up", label: "cam_0" },
      trial: { number: 7, label: "tone, left", session_dir: recording.session.trial.sessionDir },
      files: { video: `${stem}.mp4`, timing: `${stem}_timing.csv`, drops: null },
      video: {
        ...{ width: 160, height: 96, codec: "h264", pixel_format: "YUV420" },
        colour: { primaries: 1, transfer: 1, matrix: 1, full_range: false },
      },
      encoder: {
        ...{ name: expect.stringContaining("x264"), reason: "asked for", zero_copy: false },
        ...{ bitrate: 2_000_000, jpeg_quality: null },
      },
      // Frames last 16,666,667 ns: a bit less than 60 of them in a second.
      rates: {
        ...{ capture_requested: 61.5, capture_set: 59.999999, capture_measured: 59.999999 },
        ...{ record_requested: 20, record_measured: 20 },
      },
      clocks: {
        start: {
          sensor_timestamp_ns: "1234567890123456789",
          monotonic_ns: "156789123456789",
          boottime_ns: expect.stringMatching(/^\d+$/),
          realtime_ns: "1767748502723745000",
        },
        stop: {
          sensor_timestamp_ns: "1234567891123456809",
          monotonic_ns: "156790123456809",
          boottime_ns: expect.stringMatching(/^\d+$/),
          realtime_ns: "1767748503723745020",
        },
      },
      start_command_id: "rec_20260106_143052_001",
      end: {
        ...{ reason: "stop_recording", command_id: "stop_20260106_143152_001", error: null },
        ledger: {
          ...{ captured: 61, recorded: 21, skipped_by_rate_gate: 40, dropped: {} },
          sensor_gaps: { gaps: 0, missing_frames: 0 },
        },
        ...{ unwritten_drops: 0, wall_clock_steps: { count: 0, total_ms: 0 } },
      },
    });
    expect(installedMp4box()).toMatchObject({ version: beside.versions.mp4box });
  }, 30_000);

  test("of codec mjpeg its quality in place of a bit rate, and the colours that a JPEG has", async () => {
    const { video, encoder, rates } = await describeRecording({ settings: { codec: "mjpeg", jpegQuality: 71 } }, 30);
    expect(video).toMatchObject({ codec: "mjpeg", colour: { transfer: 1, matrix: 6, full_range: true } });
    expect(encoder).toMatchObject({ bitrate: null, jpeg_quality: 71 });
    expect(rates).toMatchObject({ capture_requested: 60, record_requested: 60 });
  });

  test("rates of all that was captured and recorded, by its first and its last frame", async () => {
    const encoders = new FakeEncoders((count) => (count === 1 || count === 12 ? "encoder_skip" : "chunk"));
    await using recording = await RecordingUnderTest.start(fake(encoders));
    await recording.feed(5);
    recording.session.offerBad("frame_error", 1, 5);
    recording.offer({ step: 4 });
    await recording.feed(6);
    recording.offer({ offsetNs: -40_000_000_000 });
    await recording.stop();
    const { rates, clocks, end, files } = readMetadata(recording.paths).beside;
    const { rows } = readTimingFile(recording.paths.timing);
    const perSecond = (count: number, [first = 0n, last = 0n]: readonly bigint[]) =>
      (count * 1e9) / Number(last - first);
    const captured = [clocks.start, clocks.stop].map((clock) => BigInt(clock?.sensor_timestamp_ns ?? 0));
    const recorded = [rows[0], rows.at(-1)].map((row) => row?.sensorTimestampNs ?? 0n);
    expect(end?.ledger).toMatchObject({ captured: 14, recorded: 10, dropped: { frame_error: 2, encoder_skip: 2 } });
    // 15 frame durations lie between the first and the last frame that came in time.
    expect(captured.map((ns) => Number(ns - 1_234_567_890_123_456_789n))).toEqual([0, 14 * 16_666_667]);
    expect(rates.capture_measured).toBeCloseTo(perSecond(13, captured), 6);
    expect(rates.record_measured).toBeCloseTo(perSecond(9, recorded), 6);
    expect(files.drops).toBe("20260106_081726_CSI_trial001_cam_0_drops.jsonl");
  });

  test("no rate of a single frame", async () => {
    const { rates, clocks } = await describeRecording(fake(), 1);
    expect([rates.capture_measured, rates.record_measured]).toEqual([null, null]);
    expect(clocks.stop?.sensor_timestamp_ns).toBe(clocks.start.sensor_timestamp_ns);
  });

  test("how it was encoded in the end, after a restart that copies", async () => {
    const encoders = new FakeEncoders();
    await using recording = await RecordingUnderTest.start(fake(encoders));
    encoders.last.info = { ...encoders.last.info, zeroCopy: true };
    await recording.feed(4);
    await waitUntil("the first version", () => existsSync(recording.paths.metadata));
    encoders.last.info = { ...encoders.last.info, name: "fake, copying", zeroCopy: false };
    await recording.feed(4);
    await recording.stop();
    expect(readMetadata(recording.paths).beside.encoder).toMatchObject({ name: "fake, copying", zero_copy: false });
  });

  test("what failed, and that it did not end as it was asked to", async () => {
    const encoders = new FakeEncoders();
    await using recording = await RecordingUnderTest.start(fake(encoders));
    await recording.feed(4);
    encoders.last.onDrain = () => Promise.reject(new RuntimeError("encoder_failed", 'it broke: "why?"\n'));
    const { reason } = await recording.stop();
    const { beside, isSame } = readMetadata(recording.paths);
    expect(isSame).toBe(true);
    expect(beside.end).toMatchObject({
      ...{ reason: "encoder_failed", error: 'it broke: "why?"\n' },
      command_id: "stop_20260106_143152_001",
    });
    expect(reason).toBe("encoder_failed");
  });

  test("why it ended by the first word that was said of it", async () => {
    await using recording = await RecordingUnderTest.start(fake());
    await recording.feed(4);
    const first = recording.stop({ reason: "SIGTERM", isAsked: false, commandId: null });
    await Promise.all([first, recording.stop()]);
    expect(readMetadata(recording.paths).beside.end).toMatchObject({ reason: "SIGTERM", command_id: null });
  });

  test("how often somebody set the wall clock, and how many drops are in no list", async () => {
    const encoders = new FakeEncoders((count) => (count === 3 ? "encoder_skip" : "chunk"));
    await using recording = await RecordingUnderTest.start(fake(encoders));
    mkdirSync(recording.paths.drops);
    await recording.feed(6);
    await recording.stop();
    const { end, files } = readMetadata(recording.paths).beside;
    expect({ unwritten: end?.unwritten_drops, drops: files.drops }).toEqual({ unwritten: 1, drops: null });
    expect(end?.wall_clock_steps).toEqual({ count: 0, total_ms: 0 });
  });

  test("any label as it was given", async () => {
    const odd = [
      '"',
      "\\",
      "two\nlines\r\n\t",
      "🎥 Ünïcødé 試験",
      "\u0001\u2028\u2029",
      "\ud800 alone",
      "x".repeat(1024),
    ];
    for (const trialLabel of [...odd, "\u0007".repeat(1024), "﷽".repeat(1024)]) {
      const { trial } = await describeRecording({ ...fake(), trial: { trialLabel } }, 2);
      expect(trial.label).toBe(trialLabel);
    }
  });

  test("no more than 40 kB, whatever the texts of its command and of those that failed are", async () => {
    const encoders = new FakeEncoders();
    const trial = { trialLabel: "\u0001".repeat(1024), deviceId: "\u0001".repeat(200) };
    await using recording = await RecordingUnderTest.start({ ...fake(encoders), trial });
    await recording.feed(2);
    encoders.last.onDrain = () => Promise.reject(new RuntimeError("encoder_failed", "\u0001".repeat(1_000_000)));
    await recording.stop();
    expect(readMetadata(recording.paths).isSame).toBe(true);
    expect(readFileSync(recording.paths.metadata).length).toBeLessThan(40_000);
  });
});

describe("a recording that goes on", () => {
  test("says what it is as soon as there are pictures, and that its end is not known", async () => {
    await using recording = await RecordingUnderTest.start();
    await recording.feed(60);
    await waitUntil("rows", () => countRows(recording.paths.timing) > 0);
    const { beside, isSame } = readMetadata(recording.paths);
    expect(isSame).toBe(true);
    expect(beside).toMatchObject({ end: null, start_command_id: "rec_20260106_143052_001", clocks: { stop: null } });
    expect(beside.rates).toMatchObject({ capture_measured: null, record_measured: null });
    await recording.stop();
    // What was measured at the beginning stands.
    expect(readMetadata(recording.paths).beside.clocks.start).toEqual(beside.clocks.start);
  });

  test("has no file of metadata before its first picture, and none once it ended without one", async () => {
    const encoders = new FakeEncoders(() => "encoder_skip");
    await using recording = await RecordingUnderTest.start(fake(encoders));
    await recording.feed(5);
    expect(existsSync(recording.paths.metadata)).toBe(false);
    expect((await recording.stop()).metadataFailure).toBeUndefined();
    expect(existsSync(recording.paths.metadata)).toBe(false);
  });
});

describe("metadata that can't be written", () => {
  test("for want of the file that was there cost the recording nothing; the video has them", async () => {
    await using recording = await RecordingUnderTest.start(fake());
    await recording.feed(5);
    await waitUntil("the first version", () => existsSync(recording.paths.metadata));
    rmSync(recording.paths.metadata);
    const { metadataFailure, failure, videoPath } = await recording.stop();
    expect(metadataFailure?.message).toBe(`${recording.paths.metadata} was removed or moved while it was written`);
    expect({ failure, videoPath }).toEqual({ failure: undefined, videoPath: recording.paths.video });
    const { paths } = recording;
    expect(
      readdirSync(dirname(paths.video))
        .map((name) => join(dirname(paths.video), name))
        .toSorted(),
    ).toEqual([paths.video, paths.timing].toSorted());
  });

  test("because somebody else made a file of that name leave it alone", async () => {
    await using recording = await RecordingUnderTest.start(fake());
    writeFileSync(recording.paths.metadata, "mine");
    await recording.feed(5);
    const { metadataFailure, failure } = await recording.stop();
    expect(metadataFailure?.message).toContain(`cannot create ${recording.paths.metadata}: EEXIST`);
    expect(failure).toBeUndefined();
    expect(readFileSync(recording.paths.metadata, "utf8")).toBe("mine");
  });

  test.skipIf(!mayMount)(
    "for want of room leave the first version, and nothing else; the recording's end is its own",
    async () => {
      using disk = new SmallDisk("256k");
      await using recording = await RecordingUnderTest.start({
        ...fake(),
        trial: { sessionDir: `${disk.path}/session_1` },
      });
      await recording.feed(40);
      await waitUntil("rows", () => countRows(recording.paths.timing) > 0);
      const before = readFileSync(recording.paths.metadata, "utf8");
      fillUp(disk);
      const { metadataFailure, failure, videoPath } = await recording.stop();
      expect([metadataFailure?.code, failure?.code]).toEqual(["disk_full", "disk_full"]);
      expect(metadataFailure?.message).toContain(`${recording.paths.metadata}.tmp`);
      expect(videoPath).toBe(recording.paths.video);
      expect(readFileSync(recording.paths.metadata, "utf8")).toBe(before);
      expect(existsSync(`${recording.paths.metadata}.tmp`)).toBe(false);
      expect(openFiles().filter((path) => path.startsWith(disk.path))).toEqual([]);
    },
  );

  test("in the video are in their file: that the video could not be finished is said there", async () => {
    await using recording = await RecordingUnderTest.start(fake());
    await recording.feed(40);
    await waitUntil("rows", () => countRows(recording.paths.timing) > 0);
    rmSync(recording.paths.timing);
    const { failure, metadataFailure } = await recording.stop();
    expect([failure?.code, metadataFailure]).toEqual(["file_gone", undefined]);
    const { beside, inside } = readMetadata(recording.paths);
    expect(inside.end).toBeNull();
    expect(beside.end).toMatchObject({ reason: "file_gone", error: failure?.message });
    expect(beside.end?.ledger.dropped).toEqual({ disk_error: (beside.end?.ledger.captured ?? 0) - 30 });
  });
});

/** Leaves no block of the disk free. */
function fillUp(disk: SmallDisk): void {
  try {
    for (;;) writeFileSync(`${disk.path}/filler`, new Uint8Array(4096), { flag: "a" });
  } catch {
    // Full, as it is to be.
  }
}
