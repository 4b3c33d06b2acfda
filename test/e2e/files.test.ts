import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { readMetadata } from "../support/read-metadata.ts";
import { assign, record, startRecording } from "../support/record.ts";
import { runProgram, verdictOn } from "../support/run-program.ts";
import { readTimingFile } from "../support/timing-file.ts";

const ARGS = ["--source", "synthetic", "--size", "320x240"];
const HEADER =
  "trial,module,device_id,label,record_time_unix,record_time_mono,frame_index,sensor_timestamp_ns,video_pts";
const LABELS = [
  'say "cheese", please',
  "two\nlines\r\nand a \ttab",
  "🎥 Ünïcødé 試験",
  ",",
  '"',
  "../../etc/passwd",
  "=1+1",
];

describe("a recording's files", () => {
  test.concurrent("are named by session, trial and camera, and a second recording of a trial leaves the first alone", async () => {
    using directory = new TemporaryDirectory();
    const session = directory.file("session_20260106_081726");
    await using host = new ModuleProcess(ARGS);
    await assign(host, "picam:0", { camera_hw_model: "IMX296", camera_stable_id: "picam:0" });
    const first = await record(host, session, 10, { trial_number: 7 });
    const firstBytes = await Bun.file(first.video).bytes();
    const second = await record(host, session, 10, { trial_number: 7 });
    const third = await record(host, session, 10, { trial_number: 7 });

    const folder = join(session, "CSICameras", "IMX296_picam_0");
    const stem = "20260106_081726_CSI_trial007_IMX296_picam_0";
    expect([first, second, third].map(({ video }) => dirname(video))).toEqual([folder, folder, folder]);
    expect([first, second, third].map(({ video }) => basename(video))).toEqual([
      `${stem}.mp4`,
      `${stem}_2.mp4`,
      `${stem}_3.mp4`,
    ]);
    const names = await Array.fromAsync(new Bun.Glob("*").scan(folder));
    expect(names.toSorted()).toEqual(
      ["", "_2", "_3"]
        .flatMap((suffix) => [".mp4", "_recording.json", "_timing.csv"].map((end) => stem + suffix + end))
        .toSorted(),
    );
    expect(await Bun.file(first.video).bytes()).toEqual(firstBytes);
    for (const { video } of [first, second, third]) expect((await verdictOn(video)).exitCode).toBe(0);
  }, 30_000);

  test.concurrent("go above a session directory that is named like the module", async () => {
    using directory = new TemporaryDirectory();
    await using host = new ModuleProcess(ARGS);
    await assign(host);
    const { video } = await record(host, join(directory.file("session_x"), "CSICameras"), 5);
    expect(video).toBe(directory.file("session_x/CSICameras/synthetic_picam_0/x_CSI_trial001_synthetic_picam_0.mp4"));
  }, 30_000);

  test.concurrent("keep the trial's label as it was given, whatever it is", async () => {
    using directory = new TemporaryDirectory();
    await using host = new ModuleProcess(ARGS);
    await assign(host);
    const videos: string[] = [];
    for (const label of LABELS) {
      const recording = await record(host, directory.path, 5, { trial_label: label });
      const { header, rows } = readTimingFile(recording.timing);
      expect(header).toBe(HEADER);
      expect(new Set(rows.map((row) => row.label))).toEqual(new Set([label]));
      const { beside, isSame } = readMetadata(recording);
      expect({ label: beside.trial.label, isSame }).toEqual({ label, isSame: true });
      videos.push(recording.video);
    }
    const { exitCode, stdout } = await runProgram(["verify", ...videos]);
    expect(exitCode === 0 ? "sound" : stdout).toBe("sound");
  }, 40_000);
});

test.concurrent("a recording that ends before its first frame leaves no file and says so", async () => {
  using directory = new TemporaryDirectory();
  await using host = new ModuleProcess(["--source", "synthetic:stall=1", "--size", "320x240"]);
  await assign(host);
  const paths = await startRecording(host, directory.path);
  const { video_path, ledger } = expectPayload(await host.ask("stop_recording"), "recording_stopped");
  expect(video_path).toBeNull();
  expect(ledger).toMatchObject({ captured: 0, recorded: 0, dropped: {} });
  expect([paths.video, paths.timing, paths.metadata, paths.drops].filter(existsSync)).toEqual([]);
}, 15_000);

test.concurrent("a row's columns have the contract's formats and its clocks agree", async () => {
  using directory = new TemporaryDirectory();
  await using host = new ModuleProcess(ARGS);
  await assign(host, "picam:3");
  const before = Date.now() / 1000;
  const recording = await record(host, directory.path, 30, { trial_number: 12 });
  const { rows } = readTimingFile(recording.timing);
  const [first] = rows;
  for (const row of rows) {
    expect(row).toMatchObject({ trial: "12", module: "CSICameras", deviceId: "picam:3", label: "" });
    expect(row.recordTimeUnix).toMatch(/^\d+\.\d{6}$/);
    expect(row.recordTimeMono).toMatch(/^\d+\.\d{9}$/);
    expect(row.videoPts).toBe(row.frameIndex);
    expect(Number(row.recordTimeUnix)).toBeGreaterThan(before - 1);
    // A frame reaches us after its exposure began.
    expect(Number(row.recordTimeMono) * 1e9).toBeGreaterThanOrEqual(Number(row.sensorTimestampNs) - 1000);
    const unix = Number(row.recordTimeUnix) - Number(first?.recordTimeUnix);
    const mono = Number(row.recordTimeMono) - Number(first?.recordTimeMono);
    expect(Math.abs(unix - mono)).toBeLessThan(0.1);
  }
  const times = rows.map(({ recordTimeMono }) => Number(recordTimeMono));
  expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
}, 30_000);
