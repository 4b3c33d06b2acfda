import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { monotonicNs } from "../../src/native/clocks.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { waitUntil } from "../log/wait-until.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { expectSound } from "../support/expect-sound.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { assign, pathsOf, record, startRecording, waitForRows } from "../support/record.ts";
import { readTimingFile } from "../support/timing-file.ts";

const ARGS = ["--source", "synthetic", "--size", "320x240"];
const HEADER =
  "trial,module,device_id,label,record_time_unix,record_time_mono,frame_index,sensor_timestamp_ns,video_pts\n";

test.concurrent("a host's whole session: each command has one reply, in order, and the program ends with 0 and a clean stderr", async () => {
  using directory = new TemporaryDirectory();
  const session_dir = directory.file("session_20260106_081726");
  await using host = new ModuleProcess(ARGS);
  const ids = [host.sendCommand("start_session", { session_dir })];
  const ask = async (command: string, fields = {}) => {
    const id = host.sendCommand(command, fields);
    ids.push(id);
    return await host.replyTo(id);
  };
  expectPayload(await ask("assign_device", { device_id: "picam:0" }), "device_ready");
  // The same device again is no error.
  expectPayload(await ask("assign_device", { device_id: "picam:0" }), "device_ready");
  const trials = [];
  for (const trial_label of ["first", "second"]) {
    const { video_path, trial_number } = expectPayload(
      await ask("start_recording", { trial_label }),
      "recording_started",
    );
    trials.push({ ...pathsOf(video_path), trial_number });
    await waitForRows(pathsOf(video_path), 20);
    expectPayload(await ask("stop_recording"), "recording_stopped");
  }
  expectPayload(await ask("stop_session"), "command_ack");
  expect(expectPayload(await ask("unassign_device"), "device_unassigned").device_id).toBe("picam:0");
  expect(expectPayload(await ask("unassign_device"), "device_unassigned").device_id).toBeNull();
  host.closeStdin();
  expect(await host.ending()).toEqual({ exitCode: 0, signal: null, stderr: "" });

  expect(host.statuses[0]).toMatchObject({ status: "ready" });
  expect(host.statuses.slice(1).map(({ in_reply_to }) => in_reply_to)).toEqual(ids);
  expect(trials.map(({ trial_number }) => trial_number)).toEqual([1, 2]);
  for (const trial of trials) await expectSound(trial, 30);
}, 30_000);

test.concurrent("when recording_started is said, the video is there and the CSV holds its header", async () => {
  using directory = new TemporaryDirectory();
  await using host = new ModuleProcess(ARGS);
  await assign(host);
  const paths = await startRecording(host, directory.path);
  expect(existsSync(paths.video)).toBe(true);
  expect(readFileSync(paths.timing, "utf8")).toStartWith(HEADER);
}, 15_000);

test.concurrent("when recording_stopped is said, the files are complete", async () => {
  using directory = new TemporaryDirectory();
  await using host = new ModuleProcess(ARGS);
  await assign(host);
  const recording = await record(host, directory.path, 10);
  const bytes = await Promise.all([recording.video, recording.timing].map((path) => Bun.file(path).bytes()));
  host.kill("SIGKILL");
  await host.ending();
  expect(await Promise.all([recording.video, recording.timing].map((path) => Bun.file(path).bytes()))).toEqual(bytes);
  await expectSound(recording, 30);
}, 15_000);

test.concurrent("while recording, a frame's row is on disk within a second", async () => {
  using directory = new TemporaryDirectory();
  await using host = new ModuleProcess(ARGS);
  await assign(host);
  const recording = await startRecording(host, directory.path);
  const delaysMs: number[] = [];
  let seen = 0;
  await waitUntil(
    "80 rows",
    () => {
      const nowNs = monotonicNs();
      const { rows } = readTimingFile(recording.timing);
      for (const { sensorTimestampNs } of rows.slice(seen)) delaysMs.push(Number(nowNs - sensorTimestampNs) / 1e6);
      seen = rows.length;
      return seen >= 80;
    },
    15_000,
  );
  // A busy machine may hold one fragment up, not most of them.
  expect(delaysMs.filter((ms) => ms < 1000).length / delaysMs.length).toBeGreaterThan(0.75);
  expect(Math.max(...delaysMs)).toBeLessThan(3000);
}, 30_000);

test.concurrent("a label is handed over to the camera's folder and every status names the device", async () => {
  using directory = new TemporaryDirectory();
  await using host = new ModuleProcess(ARGS);
  await assign(host, "picam:1", { camera_type: "picam", display_name: "Left eye", port: null, baudrate: 0 });
  const { video } = await record(host, directory.path, 5);
  expect(video).toContain("/CSICameras/Left_eye_picam_1/");
  const named = host.statuses.filter(({ data }) => "camera_id" in data || "device_id" in data);
  expect(new Set(named.map(({ data }) => data["camera_id"] ?? data["device_id"]))).toEqual(new Set(["picam:1"]));
}, 15_000);
