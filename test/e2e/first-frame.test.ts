import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { ModuleProcess } from "../support/module-process.ts";

const SIZE = ["--size", "320x240"];

test.concurrent("ready comes before any camera is opened", async () => {
  await using host = new ModuleProcess(["--source", "synthetic:open_delay=60000", ...SIZE]);
  await host.waitFor("ready", ({ status }) => status === "ready");
}, 15_000);

test.concurrent("device_ready waits for the first frame", async () => {
  await using host = new ModuleProcess(["--source", "synthetic:first_frame_delay=1500", ...SIZE]);
  await host.waitFor("ready", ({ status }) => status === "ready");
  const startMs = performance.now();
  expectPayload(await host.ask("assign_device", { device_id: "picam:0" }), "device_ready");
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(1500);
}, 15_000);

test.concurrent.each(["first_frame_delay=60000", "open_delay=60000"])(
  "a camera without a first frame in time (%s) is a device_error, and other commands are answered after it",
  async (fault) => {
    await using host = new ModuleProcess(["--source", `synthetic:${fault}`, "--first-frame-timeout", "300ms", ...SIZE]);
    const assignment = host.sendCommand("assign_device", { device_id: "picam:0" });
    const recording = host.sendCommand("start_recording", { session_dir: "/tmp/never" });
    const failure = expectPayload(await host.replyTo(assignment), "device_error");
    expect(failure.code).toBe("first_frame_timeout");
    expect(failure.error).toContain("0.3 s");
    expect(await host.replyTo(recording)).toMatchObject({ status: "command_nack", code: "no_device" });
    expect(host.repliesTo(assignment)).toHaveLength(1);
    host.closeStdin();
    expect(await host.ending()).toEqual({ exitCode: 0, signal: null, stderr: "" });
  },
  15_000,
);

test.concurrent("a second assign_device while the first opens is answered as well, and the camera opens once", async () => {
  using logs = new TemporaryDirectory();
  await using host = new ModuleProcess(["--source", "synthetic:open_delay=500", "--log-dir", logs.path, ...SIZE]);
  const ids = [1, 2, 3].map(() => host.sendCommand("assign_device", { device_id: "picam:0" }));
  const other = host.sendCommand("assign_device", { device_id: "picam:1" });
  expect(await host.replyTo(other)).toMatchObject({ status: "command_nack", code: "device_busy" });
  for (const id of ids) expect(host.repliesTo(id)).toMatchObject([{ status: "device_ready", device_id: "picam:0" }]);
  host.closeStdin();
  await host.ending();
  expect(readFileSync(logs.file("csicameras.log"), "utf8").split('"camera assigned"')).toHaveLength(2);
}, 15_000);

test.concurrent("without a camera on this machine nothing is made up: assigning says what is missing, and not on stderr", async () => {
  await using host = new ModuleProcess([]);
  const reply = await host.ask("assign_device", { device_id: "picam:0", camera_stable_id: "/base/no/such/camera@1" });
  const { code } = expectPayload(reply, "device_error");
  expect(["camera_not_found", "camera_unavailable"]).toContain(code);
  host.closeStdin();
  expect(await host.ending()).toEqual({ exitCode: 0, signal: null, stderr: "" });
}, 15_000);
