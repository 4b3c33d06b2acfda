import { describe, expect, test } from "bun:test";
import type { StatusLine } from "../../src/protocol/statuses.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { waitUntil } from "../log/wait-until.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { expectSound } from "../support/expect-sound.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { assign, startRecording, waitForRows } from "../support/record.ts";

const SIZE = ["--size", "320x240"];
/** A host waits 2 s after a signal before it sends the next, harder one. */
const ORDERLY_MS = 2000;

const isDeviceError = ({ status }: StatusLine): boolean => status === "device_error";

/** Waits for a device_ready that nobody asked for. */
async function ready(host: ModuleProcess): Promise<StatusLine> {
  const unasked = ({ status, in_reply_to }: StatusLine) => status === "device_ready" && in_reply_to === undefined;
  return await host.waitFor("device_ready", unasked, 15_000);
}

test.concurrent.each([
  ["is unplugged", "lost=120", "camera_lost"],
  ["falls silent", "stall=120", "camera_stalled"],
])(
  "a camera that %s while recording: the recording ends first, then the device fails, and it comes back by itself",
  async (_name, fault, code) => {
    using directory = new TemporaryDirectory();
    await using host = new ModuleProcess(["--source", `synthetic:${fault}`, ...SIZE]);
    await assign(host);
    const recording = await startRecording(host, directory.path);
    const error = await host.waitFor("device_error", isDeviceError, 15_000);
    expect(error).toMatchObject({ device_id: "picam:0", code });
    expect(error).not.toHaveProperty("in_reply_to");
    const stopped = host.statuses.at(-2);
    expect(stopped).toMatchObject({ status: "recording_stopped", reason: code, video_path: recording.video });
    expect(stopped).not.toHaveProperty("in_reply_to");
    const { rows } = await expectSound(recording, 30);
    // All 120, but for those before the recording began.
    expect(rows.length).toBeGreaterThan(40);
    expect(await host.ask("stop_recording")).toMatchObject({ status: "command_nack", code: "not_recording" });

    expect(await ready(host)).toMatchObject({ device_id: "picam:0" });
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
  "a camera that fails (%s) while nothing is recorded is said to have failed, once, and is opened at once on request",
  async (fault, code) => {
    await using host = new ModuleProcess(["--source", `synthetic:${fault}`, ...SIZE]);
    await assign(host);
    await host.waitFor("device_error", isDeviceError, 15_000);
    await assign(host);
    expectPayload(await host.ask("unassign_device"), "device_unassigned");
    expect(host.statuses.slice(2, -2)).toMatchObject([{ status: "device_error", code }]);
    await assign(host);
  },
  30_000,
);

test("a frame every 2.5 s is slow, not stalled", async () => {
  using directory = new TemporaryDirectory();
  await using host = new ModuleProcess(["--source", "synthetic", "--record-fps", "0.4", ...SIZE]);
  await assign(host);
  await waitForRows(await startRecording(host, directory.path), 2);
  const { ledger } = expectPayload(await host.ask("stop_recording"), "recording_stopped");
  expect(ledger.recorded).toBeGreaterThanOrEqual(2);
  expect(host.statuses.filter(isDeviceError)).toEqual([]);
}, 30_000);

describe.each([
  ["stdin_end", (host: ModuleProcess) => host.closeStdin()],
  ["SIGTERM", (host: ModuleProcess) => host.kill("SIGTERM")],
  ["quit", (host: ModuleProcess) => host.sendCommand("quit")],
])("a camera that failed does not hold up %s", (_name, end) => {
  test.concurrent.each([
    ["between two attempts", "lost=30", 0],
    ["while it is being opened again", "lost=30,open_delay=2500", 1500],
  ])(
    "%s",
    async (_stage, faults, afterMs) => {
      await using host = new ModuleProcess(["--source", `synthetic:${faults}`, ...SIZE]);
      await assign(host);
      await host.waitFor("device_error", isDeviceError, 15_000);
      expect(await host.ask("start_recording", { session_dir: "/tmp" })).toMatchObject({
        status: "command_nack",
        code: "camera_reconnecting",
      });
      // The first attempt begins a second after the failure.
      const failedMs = performance.now();
      await waitUntil("the stage", () => performance.now() - failedMs >= afterMs);
      const startMs = performance.now();
      end(host);
      expect(await host.ending()).toEqual({ exitCode: 0, signal: null, stderr: "" });
      expect(performance.now() - startMs).toBeLessThan(ORDERLY_MS);
    },
    30_000,
  );
});

test.concurrent("a camera that failed can be unassigned while it is being opened again, at once, and another one be assigned", async () => {
  await using host = new ModuleProcess(["--source", "synthetic:lost=30,open_delay=2500", ...SIZE]);
  await assign(host);
  await host.waitFor("device_error", isDeviceError, 15_000);
  const failedMs = performance.now();
  await waitUntil("the attempt", () => performance.now() - failedMs >= 1500);
  expectPayload(await host.ask("unassign_device"), "device_unassigned");
  expect(performance.now() - failedMs).toBeLessThan(3500);
  await assign(host, "picam:1");
  expect(host.statuses.slice(2).map(({ status }) => status)).toEqual([
    "device_error",
    "device_unassigned",
    "device_ready",
  ]);
}, 30_000);

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
