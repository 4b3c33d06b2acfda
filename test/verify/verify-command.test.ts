import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { formatFrameDrop } from "../../src/log/frame-drop-log.ts";
import { runVerify } from "../../src/verify/verify-command.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { encodeJpegVideo } from "../recording/mp4/encoded-video.ts";
import { changed, describe60Fps, withCaptured, writeDescribed } from "./describe-recording.ts";
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
const encoded = encodeJpegVideo(COUNT);
const video = videoBytes(encoded, toMicroseconds(timestampsNs));
const lines = timingLines(timestampsNs);
const metadata = changed(withCaptured(describe60Fps(encoded, timestampsNs), COUNT + 2), {
  encoder: { zero_copy: true },
  files: { drops: "trial_drops.jsonl" },
  end: { ledger: { skipped_by_rate_gate: 1, dropped: { disk_slow: 1 } } },
});
const drops = `${formatFrameDrop({ realtimeNs: 0n, monotonicNs: 1n, reason: "disk_slow", frameNumber: 3 })}\n`;

async function run(paths: readonly string[], options?: { isJson: boolean }) {
  const written: string[] = [];
  const exitCode = await runVerify(paths, { write: (text: string) => written.push(text) }, options);
  return { exitCode, text: written.join("") };
}

async function describedRecording(directory: TemporaryDirectory): Promise<string> {
  return await writeDescribed(directory, { video: encoded, timestampsNs, inMovie: metadata, beside: metadata, drops });
}

describe("for people,", () => {
  test("a sound recording is described in a table, and the exit code is 0", async () => {
    using directory = new TemporaryDirectory();
    const path = await describedRecording(directory);
    expect(await run([path])).toEqual({
      exitCode: 0,
      text: [
        path,
        "  video      mjpeg 160x96, 10 samples (10 key frames), 10 rows",
        "  time       0.216670 s, 44.999 frames/s",
        `  sensor     ${timestampsNs[0]} to ${timestampsNs[9]} ns`,
        "                   p50 ms      p99 ms      max ms",
        "  interval         16.667      66.667      66.667",
        "  jitter            0.000      50.000      50.000",
        "  gaps       1 beyond 37.500 ms",
        "             3 frames missing, longest 66.667 ms before row 7 at 0.150 s",
        `  histogram  16.666 - 16.667 ms  7 ${"#".repeat(32)}`,
        "             16.667 - 16.668 ms  0",
        "             16.668 - 16.669 ms  0",
        "             16.669 - 16.670 ms  0",
        "             16.670 - 16.671 ms  1 #####",
        "             16.671 ms and more  1 #####",
        '  trial      1 "", began 2026-04-21T07:15:01.254Z',
        "  camera     imx296, picam:0, /base/soc/i2c0mux/i2c@1/imx296@1a",
        "  encoder    libx264 core 164, zero copy",
        "  versions   csi-camera 0.1.0, bun 1.4.5, mp4box 2.4.1",
        "  ended      stop_recording",
        "  ledger     12  captured",
        "             10  recorded",
        "              1  skipped by rate gate",
        "              1  dropped: disk_slow",
        "              1  gaps of the sensor",
        "              3  frames missing in them",
        "  drops      1 lines in the list of drops",
        "  sound",
        "",
      ].join("\n"),
    });
  });

  test("a recording that is not sound is told with its problems, a few of each kind, and the exit code is 1", async () => {
    using directory = new TemporaryDirectory();
    const path = await writeRecording(directory, { video, timing: timingText(lines.slice(1)) });
    const { exitCode, text } = await run([path]);
    expect(exitCode).toBe(1);
    expect(text).toContain("  NOT SOUND\n  - row 1 frame_index is 2, expected 1\n");
    expect(text).toContain("  - row 3 frame_index is 4, expected 3\n  - (and 6 more like these)\n");
    expect(text).toEndWith("  - video has 10 samples, timing file 9 rows\n");
    expect(text).toContain("  note       neither the video nor trial_recording.json holds metadata");
  });

  test("a file that cannot be read is told so, and the exit code is 2", async () => {
    const { exitCode, text } = await run(["/nowhere/trial.mp4"]);
    expect(exitCode).toBe(2);
    expect(text).toStartWith("/nowhere/trial.mp4\n  UNREADABLE: /nowhere/trial.mp4 cannot be read: ENOENT");
  });

  test("of several files every one is told, and the worst makes the exit code", async () => {
    using directory = new TemporaryDirectory();
    const sound = await writeRecording(directory, { video, timing: timingText(lines), name: "sound" });
    const unsound = await writeRecording(directory, { video, name: "unsound" });
    const unreadable = directory.file("unreadable.mp4");
    expect((await run([sound, unsound])).exitCode).toBe(1);
    const { exitCode, text } = await run([unreadable, unsound, sound]);
    expect(exitCode).toBe(2);
    for (const path of [sound, unsound, unreadable]) expect(text).toContain(`${path}\n`);
  });

  test("nothing of a path, a label or a camera's name reaches the terminal as a command to it", async () => {
    using directory = new TemporaryDirectory();
    const [evil, shown] = ["\u001b[2J\u009b\u202e", "\\u001b[2J\\u009b\\u202e"];
    const said = changed(metadata, {
      ...{ camera: { model: evil, device_id: evil, camera_id: evil }, encoder: { name: evil }, trial: { label: evil } },
      ...{ files: { video: `${evil}.mp4` }, versions: { bun: evil }, end: { reason: evil } },
    });
    const named = { video: encoded, timestampsNs, name: evil, drops: evil, inMovie: said, beside: said };
    const { text } = await run([await writeDescribed(directory, named), `${directory.path}/${evil}`]);
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(text).toContain(`${directory.path}/${shown}.mp4\n`);
  });
});

describe("for programs,", () => {
  const Verdict = z.object({
    file: z.string(),
    verdict: z.enum(["sound", "not_sound", "unreadable"]),
    is_torn_end_only: z.boolean(),
    problems: z.array(z.string()),
    notes: z.array(z.string()),
  });

  test("a recording is an object in an array: counts, times, intervals, gaps, drops, and what it says of itself", async () => {
    using directory = new TemporaryDirectory();
    const path = await describedRecording(directory);
    const { exitCode, text } = await run([path], { isJson: true });
    expect(exitCode).toBe(0);
    expect(JSON.parse(text)).toEqual([
      {
        ...{ file: path, verdict: "sound", is_torn_end_only: false, problems: [], notes: [] },
        timing_file: directory.file("trial_timing.csv"),
        video: {
          ...{ codec: "mjpeg", width: 160, height: 96, samples: 10, key_frames: 10, is_unfinished: false },
          ...{ duration_s: 0.21667, rate: 44.99932501012485 },
        },
        rows: 10,
        first_sensor_timestamp_ns: String(timestampsNs[0]),
        last_sensor_timestamp_ns: String(timestampsNs[9]),
        intervals: {
          count: 9,
          interval_us: { p50: 16_666.584, p99: 66_666.585, max: 66_666.585 },
          jitter_us: { p50: 0, p99: 50_000.001, max: 50_000.001 },
          gaps: {
            ...{
              expected_us: 1e9 / 60 / 1000,
              expected_from: "record_rate",
              beyond_us: 37_500,
              count: 1,
              missing_frames: 3,
            },
            longest: { us: 66_666.585, row: 7, end_s: 0.150003506 },
          },
          histogram: [
            { from_us: 16_666, to_us: 16_667, count: 7 },
            { from_us: 16_667, to_us: 16_668, count: 0 },
            { from_us: 16_668, to_us: 16_669, count: 0 },
            { from_us: 16_669, to_us: 16_670, count: 0 },
            { from_us: 16_670, to_us: 16_671, count: 1 },
            { from_us: 16_671, to_us: null, count: 1 },
          ],
        },
        drop_lines: { disk_slow: 1 },
        metadata,
      },
    ]);
  });

  test("all files are in one document, the unreadable ones too, and the worst makes the exit code", async () => {
    using directory = new TemporaryDirectory();
    const sound = await writeRecording(directory, { video, timing: timingText(lines), name: "sound" });
    const torn = await writeRecording(directory, { video, timing: timingText(lines.slice(0, -1)), name: "torn" });
    const unsound = await writeRecording(directory, { video, timing: timingText(lines.slice(1)), name: "unsound" });
    const missing = directory.file("missing.mp4");
    const { exitCode, text } = await run([sound, torn, unsound, missing], { isJson: true });
    expect(exitCode).toBe(2);
    const verdicts = z.array(Verdict).parse(JSON.parse(text));
    expect(verdicts.map(({ file, verdict, is_torn_end_only: isTorn }) => [file, verdict, isTorn])).toEqual([
      [sound, "sound", false],
      [torn, "not_sound", true],
      [unsound, "not_sound", false],
      [missing, "unreadable", false],
    ]);
    expect(verdicts[3]?.problems).toEqual([expect.stringContaining("missing.mp4 cannot be read: ENOENT")]);
  });
});
