import { describe, expect, test } from "bun:test";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { waitUntil } from "../log/wait-until.ts";
import { decodeFrameNumbers } from "../support/decode-video.ts";
import { expectSound } from "../support/expect-sound.ts";
import { ManualSource } from "../support/manual-source.ts";
import { type RecordingPaths, waitForRows } from "../support/record.ts";
import { runProgram } from "../support/run-program.ts";
import { RuntimeHost } from "../support/runtime-host.ts";
import { EXIT_MS } from "./host-simulator.ts";
import { RpiLoggerHost } from "./rpi-logger-host.ts";
import type { StopReport } from "./stop-ladder.ts";

/** RPi Logger with a recording under way. */
async function recording(directory: TemporaryDirectory): Promise<{ host: RpiLoggerHost; trial: RecordingPaths }> {
  const host = new RpiLoggerHost({ outputDir: directory.path });
  await host.connect();
  const trial = await host.startTrial(directory.file("session_x"), 1, "");
  await waitForRows(trial, 15);
  return { host, trial };
}

const ORDERLY = { exitCode: 0, signal: null, stderr: "" };

/** Which rungs were taken, each of them with success: the first that fails shows what it took. */
function expectRungs({ rungs }: StopReport, ...names: string[]): void {
  expect(rungs.filter(({ wasInVain }) => wasInVain)).toEqual([]);
  expect(rungs.map(({ name }) => name)).toEqual(names);
}

describe("while recording, the module stops as it should at", () => {
  test.concurrent.each([
    ["unassign_all_devices", ["unassign_all_devices", "quit"], ["recording_stopped", "device_unassigned", "quitting"]],
    ["quit", ["quit"], ["recording_stopped", "quitting"]],
    ["SIGTERM", ["SIGTERM"], ["recording_stopped"]],
  ])(
    "%s",
    async (from, rungs, statuses) => {
      using directory = new TemporaryDirectory();
      const { host, trial } = await recording(directory);
      await using _ = host;
      const mark = host.module.statuses.length;
      const report = await host.stop(from);
      expect(report).toMatchObject(ORDERLY);
      expectRungs(report, ...rungs);
      expect(host.module.statuses.slice(mark).map(({ status }) => status)).toEqual(statuses);
      await expectSound(trial, 30);
    },
    20_000,
  );

  test.concurrent("SIGTERM after stdin was closed", async () => {
    using directory = new TemporaryDirectory();
    const { host, trial } = await recording(directory);
    await using _ = host;
    host.module.closeStdin();
    const report = await host.stop("SIGTERM");
    expect(report).toMatchObject(ORDERLY);
    expectRungs(report, "SIGTERM");
    expect(host.module.statuses.filter(({ status }) => status === "recording_stopped")).toHaveLength(1);
    await expectSound(trial, 30);
  }, 20_000);

  test.concurrent("SIGKILL: the file plays as it is, and repair makes it sound", async () => {
    using directory = new TemporaryDirectory();
    const { host, trial } = await recording(directory);
    await using _ = host;
    expect(await host.stop("SIGKILL")).toMatchObject({ signal: "SIGKILL", stderr: "" });
    expect((await decodeFrameNumbers(trial.video)).length).toBeGreaterThanOrEqual(15);
    expect((await runProgram(["repair", trial.video])).exitCode).toBe(0);
    await expectSound(trial, 30);
  }, 20_000);
});

describe("while a camera takes 30 s to open, all are unassigned within 0.9 s and quit is obeyed,", () => {
  test.concurrent.each([
    ["assigned", undefined],
    ["named on the command line", 0],
  ])(
    "where it was %s",
    async (_how, cameraIndex) => {
      using directory = new TemporaryDirectory();
      await using host = new RpiLoggerHost({
        outputDir: directory.path,
        source: "synthetic:open_delay=30000",
        ...(cameraIndex === undefined ? {} : { cameraIndex }),
      });
      await host.module.waitFor("ready", ({ status }) => status === "ready");
      if (cameraIndex === undefined) expect(await host.assign()).toHaveLength(1);
      const report = await host.stop();
      expect(report).toMatchObject(ORDERLY);
      expectRungs(report, "unassign_all_devices", "quit");
      const said = host.module.statuses.map(({ status, data }) =>
        typeof data["code"] === "string" ? [status, data["code"]] : [status],
      );
      expect(said).toEqual(
        cameraIndex === undefined
          ? [["ready"], ["device_ack"], ["device_error", "shutting_down"], ["device_unassigned"], ["quitting"]]
          : [["ready"], ["device_unassigned"], ["quitting"]],
      );
    },
    15_000,
  );
});

test("a camera that never closes is not said to be released, and quit is obeyed in time", async () => {
  const camera = new ManualSource({ isAutomatic: true });
  camera.onClose = () => new Promise(() => undefined);
  await using host = new RuntimeHost({ args: ["--enable-commands"], newSource: () => camera });
  host.send("assign_device", { device_id: "picam:0" });
  await host.waitFor("device_ready", ({ status }) => status === "device_ready");
  const unassign = host.send("unassign_all_devices");
  await waitUntil("closing", () => camera.state === "closed");
  const startMs = performance.now();
  const quit = host.send("quit");
  await host.runtime.finished;
  expect(performance.now() - startMs).toBeLessThan(EXIT_MS);
  expect(host.repliesTo(unassign)).toMatchObject([{ status: "device_error", payload: { code: "camera_failed" } }]);
  expect(host.statuses.at(-1)).toMatchObject({ status: "quitting", inReplyTo: quit });
});
