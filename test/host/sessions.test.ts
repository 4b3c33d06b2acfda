import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { expectSound } from "../support/expect-sound.ts";
import { runProgram } from "../support/run-program.ts";
import { waitForRows } from "../support/record.ts";
import { CommandProtocolHost } from "./command-protocol-host.ts";
import type { HostSimulator } from "./host-simulator.ts";
import { RpiLoggerHost } from "./rpi-logger-host.ts";

const SYNTHETIC = ["--source", "synthetic", "--size", "320x240"];
const LABELS = ["", 'Fahrt 2, „Nacht“, "quer"'];
const COMMAND_LOG = "CSICameras/logs/CAMERAS_CSI_picam_0/commands.jsonl";

interface Host {
  readonly start: (directory: TemporaryDirectory) => HostSimulator;
  /** What is said until the camera is there, with a `!` where nobody asked. */
  readonly opening: readonly string[];
  /** Its ladder, as far as it is needed. */
  readonly rungs: readonly string[];
  readonly commandLog: string;
}

const HOSTS: Readonly<Record<string, Host>> = {
  "the command protocol": {
    start: (directory) => new CommandProtocolHost([...SYNTHETIC, "--log-dir", directory.file("logs")]),
    opening: ["ready!", "device_ready"],
    rungs: ["unassign_device", "stdin's end"],
    commandLog: "logs/commands.jsonl",
  },
  "RPi Logger, which assigns the camera": {
    start: ({ path }) => new RpiLoggerHost({ outputDir: path }),
    opening: ["ready!", "device_ack", "device_ready"],
    rungs: ["unassign_all_devices", "quit"],
    commandLog: COMMAND_LOG,
  },
  "RPi Logger, which names the camera on the command line": {
    start: ({ path }) => new RpiLoggerHost({ outputDir: path, cameraIndex: 0 }),
    opening: ["ready!", "device_ready!"],
    rungs: ["unassign_all_devices", "quit"],
    commandLog: COMMAND_LOG,
  },
};

describe.each(Object.entries(HOSTS))("a whole session with %s", (_name, { start, opening, rungs, commandLog }) => {
  test("breaks no rule, ends at the first rungs, and leaves sound recordings, a snapshot and the log", async () => {
    using directory = new TemporaryDirectory();
    const sessionDir = directory.file("session_20260106_081726");
    await using host = start(directory);
    await host.connect();
    const said = host.module.statuses.map(({ status, in_reply_to }) => status + (in_reply_to === undefined ? "!" : ""));
    expect(said).toEqual([...opening]);
    await host.tell("start_session", "command_ack", { session_dir: sessionDir });
    for (const command of ["get_geometry", "show_window", "hide_window"]) await host.tell(command, "command_ack");
    await host.tell("xbee_data", "command_ack", { node_id: "n1", data: "x" });
    await host.tell("xbee_send_result", "command_ack", { node_id: "n1", success: true });
    await host.tell("set_log_level", "command_ack", { level: "DEBUG", target: "all" });
    const trials = [];
    for (const [index, label] of LABELS.entries()) {
      const trial = await host.startTrial(sessionDir, index + 1, label);
      trials.push(trial);
      await waitForRows(trial, 15);
      const { state, device_id, recording } = await host.tell("get_status", "status_report");
      expect({ state, device_id }).toEqual({ state: "recording", device_id: "picam:0" });
      expect(recording).toMatchObject({ video_path: trial.video, trial_number: index + 1, trial_label: label });
      expect((await host.endTrial()).video_path).toBe(trial.video);
    }
    const snapshot = await host.tell("take_snapshot", "snapshot_taken");
    await host.tell("stop_session", "command_ack");

    const { rungs: taken, ...ending } = await host.stop();
    expect(ending).toEqual({ exitCode: 0, signal: null, stderr: "" });
    expect(taken.map(({ name, wasInVain }) => [name, wasInVain])).toEqual(rungs.map((name) => [name, false]));
    expect(snapshot).toMatchObject({ camera_id: "picam:0", width: 320, height: 240 });
    expect(snapshot.path).toStartWith(`${sessionDir}/CSICameras/`);
    expect(readFileSync(snapshot.path).subarray(0, 3)).toEqual(Buffer.of(0xff, 0xd8, 0xff));
    expect(readFileSync(directory.file(commandLog), "utf8")).toContain('"status_report"');
    for (const [index, trial] of trials.entries()) {
      const { rows } = await expectSound(trial, 30);
      expect(new Set(rows.map((row) => [row.trial, row.label].join()))).toEqual(
        new Set([[String(index + 1), LABELS[index]].join()]),
      );
    }
  }, 30_000);
});

test("without --enable-commands a camera index assigns nothing by itself, and assignments are not acknowledged", async () => {
  await using host = new CommandProtocolHost([...SYNTHETIC, "--camera-index", "0"]);
  expect(await host.tell("get_status", "status_report")).toMatchObject({ state: "idle", device_id: null });
  await host.connect();
  expect(host.module.statuses.map(({ status }) => status)).toEqual(["ready", "status_report", "device_ready"]);
}, 15_000);

test("with RPi Logger, logs that can't be written are a warning: nothing is on stderr, and the module works", async () => {
  using directory = new TemporaryDirectory();
  const outputDir = directory.file("file");
  writeFileSync(outputDir, "");
  await using host = new RpiLoggerHost({ outputDir });
  await host.connect();
  const trial = await host.startTrial(directory.file("session_x"), 1, "");
  await waitForRows(trial, 5);
  await host.endTrial();
  expect(await host.stop()).toMatchObject({ exitCode: 0, stderr: "" });
  const warnings = host.module.statuses.filter(({ status }) => status === "warning");
  expect(warnings).toMatchObject([{ data: { code: "log_unwritten" } }]);
  expect(String(warnings[0]?.data["message"])).toContain(outputDir);
  expect(existsSync(trial.video)).toBe(true);
  expect((await runProgram(["verify", trial.video])).exitCode).toBe(0);
}, 20_000);
