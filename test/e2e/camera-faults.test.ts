import { expect, test } from "bun:test";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { expectSound } from "../support/expect-sound.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { assign, startRecording, waitForRows } from "../support/record.ts";

const SIZE = ["--size", "320x240"];

test.concurrent.each([
  ["is unplugged", "lost=60", "camera_lost"],
  ["falls silent", "stall=60", "camera_stalled"],
])(
  "a camera that %s while recording: the recording ends first, then the device, and it can be assigned again",
  async (_name, fault, code) => {
    using directory = new TemporaryDirectory();
    await using host = new ModuleProcess(["--source", `synthetic:${fault}`, ...SIZE]);
    await assign(host);
    const recording = await startRecording(host, directory.path);
    const error = await host.waitFor("device_error", ({ status }) => status === "device_error", 15_000);
    expect(error).toMatchObject({ device_id: "picam:0", code });
    expect(error).not.toHaveProperty("in_reply_to");
    const stopped = host.statuses.at(-2);
    expect(stopped).toMatchObject({ status: "recording_stopped", reason: code, video_path: recording.video });
    expect(stopped).not.toHaveProperty("in_reply_to");
    const { rows } = await expectSound(recording, 30);
    // All 60, but for the few before the recording began.
    expect(rows.length).toBeGreaterThan(40);

    expect(await host.ask("stop_recording")).toMatchObject({ status: "command_nack", code: "not_recording" });
    expect(await host.ask("start_recording", { session_dir: directory.path })).toMatchObject({
      status: "command_nack",
      code: "no_device",
    });
    await assign(host);
    const second = await startRecording(host, directory.path);
    await waitForRows(second, 15);
    expectPayload(await host.ask("stop_recording"), "recording_stopped");
    await expectSound(second, 30);
    host.closeStdin();
    expect(await host.ending()).toEqual({ exitCode: 0, signal: null, stderr: "" });
  },
  40_000,
);

test.concurrent.each([
  ["lost=30", "camera_lost"],
  ["stall=30", "camera_stalled"],
])(
  "a camera that fails (%s) while nothing is recorded is said to have failed, once",
  async (fault, code) => {
    await using host = new ModuleProcess(["--source", `synthetic:${fault}`, ...SIZE]);
    await assign(host);
    await host.waitFor("device_error", ({ status }) => status === "device_error", 15_000);
    expectPayload(await host.ask("unassign_device"), "device_unassigned");
    expect(host.statuses.slice(2, -1)).toMatchObject([{ status: "device_error", code }]);
    await assign(host);
  },
  30_000,
);

test.concurrent.each([
  ["not_found", "camera_not_found"],
  ["busy", "camera_busy"],
])(
  "a camera that can't be opened (%s) is a device_error, and the module lives on",
  async (fault, code) => {
    await using host = new ModuleProcess(["--source", `synthetic:open_fails=${fault}`, ...SIZE]);
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(await host.ask("assign_device", { device_id: "picam:0" })).toMatchObject({ status: "device_error", code });
    }
    host.closeStdin();
    expect((await host.ending()).exitCode).toBe(0);
  },
  20_000,
);
