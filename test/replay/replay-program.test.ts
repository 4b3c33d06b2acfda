import { expect, test } from "bun:test";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { assign, pathsOf, startRecording, waitForRows } from "../support/record.ts";
import { type ProgramResult, runToEnd } from "../support/run-to-end.ts";
import { statusLine } from "./log-lines.ts";

const PROGRAM = join(import.meta.dir, "../../scripts/replay/replay.ts");
const SIZE = ["--size", "320x240"];
const ARGS = ["--source", "synthetic", ...SIZE];

const Answer = z.looseObject({ status: z.string().nullable() });
const Command = z.looseObject({
  command: z.string().nullable(),
  recorded: Answer,
  replayed: Answer,
  differences: z.array(z.looseObject({ what: z.string() })),
});
const Report = z.looseObject({
  session: z.number(),
  session_count: z.number(),
  program_options: z.array(z.string()),
  commands: z.array(Command),
  unasked: z.array(z.object({ recorded: z.string().nullable(), replayed: z.string().nullable() })),
  notes: z.array(z.string()),
  difference_count: z.number(),
});

async function run(...args: readonly string[]): Promise<ProgramResult> {
  return await runToEnd([process.execPath, PROGRAM, ...args]);
}

/** Replays the log in a folder of its own. */
async function replay(directory: TemporaryDirectory, args: readonly string[], source = "synthetic") {
  const log = directory.file("logs/commands.jsonl");
  const root = directory.file(`replay_${source.replaceAll(/[^a-z]/g, "_")}`);
  const { exitCode, stdout, stderr } = await run(
    ...[log, "--json", "--session-root", root, ...args, "--", ...SIZE, "--source", source],
  );
  return { exitCode, stderr, root, report: Report.parse(JSON.parse(stdout)) };
}

const told = ({ commands }: z.infer<typeof Report>) =>
  commands
    .filter(({ differences }) => differences.length > 0)
    .map(({ command, recorded, replayed }) => [command, recorded.status, replayed.status]);

test.concurrent("a session in the command protocol replays without a difference, and against a busy camera with each difference named", async () => {
  using directory = new TemporaryDirectory();
  const logDir = directory.file("logs");
  {
    await using host = new ModuleProcess([...ARGS, "--log-dir", logDir]);
    await host.ask("get_status");
    host.closeStdin();
    await host.ending();
  }
  await using host = new ModuleProcess([...ARGS, "--log-dir", logDir]);
  host.send({ command: "start_session", session_dir: directory.file("session_1") });
  await host.ask("start_recording");
  await assign(host);
  await waitForRows(await startRecording(host, directory.file("session_2")), 5);
  host.sendBytes('what is this\n[]\n{"command":"no such"}\n');
  await host.ask("start_recording");
  await host.ask("take_snapshot");
  await host.ask("stop_recording");
  await waitForRows(await startRecording(host, directory.file("session_2"), { trial_number: 1 }), 5);
  host.kill("SIGTERM");
  expect(await host.ending()).toMatchObject({ exitCode: 0 });
  appendFileSync(join(logDir, "commands.jsonl"), statusLine(0, "torn", null).slice(0, 50));

  const alike = await replay(directory, []);
  expect(alike.report.commands.filter(({ differences }) => differences.length > 0)).toEqual([]);
  expect(alike).toMatchObject({
    exitCode: 0,
    stderr: "",
    report: { session: 2, session_count: 2, difference_count: 0 },
  });
  expect(alike.report.commands).toHaveLength(11);
  expect(alike.report.unasked.map(({ replayed }) => replayed)).toEqual(["ready", "recording_stopped SIGTERM"]);
  expect(alike.report.notes).toEqual([
    expect.stringContaining("is cut short and left out"),
    expect.stringMatching(/^2 lines were no JSON objects.*stand-ins sent$/),
  ]);
  const videos = await Array.fromAsync(new Bun.Glob("**/*.mp4").scan(alike.root));
  expect(videos).toHaveLength(2);

  // Its host closed stdin, which is in no log.
  const first = await replay(directory, ["--session", "1"], "synthetic:jitter=1");
  expect(first).toMatchObject({ exitCode: 0, report: { commands: [{ command: "get_status" }], difference_count: 0 } });

  const busy = await replay(directory, ["--speed", "4"], "synthetic:open_fails=busy");
  expect(busy.exitCode).toBe(1);
  expect(told(busy.report)).toEqual([
    ["assign_device", "device_ready", "device_error camera_busy"],
    ["start_recording", "recording_started", "command_nack no_device"],
    ["start_recording", "command_nack already_recording", "command_nack no_device"],
    ["take_snapshot", "snapshot_taken", "command_nack no_device"],
    ["stop_recording", "recording_stopped", "command_nack not_recording"],
    ["start_recording", "recording_started", "command_nack no_device"],
  ]);
  expect(busy.report.unasked.at(-1)).toEqual({ recorded: "recording_stopped SIGTERM", replayed: null });
}, 60_000);

test.concurrent("a session of RPi Logger replays without a difference, with the options that it tells of, also where the camera takes longer", async () => {
  using directory = new TemporaryDirectory();
  const hostArgs = ["--enable-commands", "--camera-index", "0", "--output-dir", directory.file("out")];
  {
    await using host = new ModuleProcess([...ARGS, ...hostArgs, "--log-dir", directory.file("logs")]);
    await host.waitFor("device_ready", ({ status }) => status === "device_ready");
    await host.ask("assign_device", { device_id: "picam:0" });
    host.send({ command: "take_snapshot" });
    host.send({ command: "record", session_dir: directory.file("session_1"), trial_number: 3, trial_label: "" });
    const { data } = await host.waitFor("recording_started", ({ status }) => status === "recording_started");
    await waitForRows(pathsOf(String(data["video_path"])), 5);
    host.send({ command: "pause" });
    await host.waitFor("recording_stopped", ({ status }) => status === "recording_stopped");
    await host.ask("unassign_all_devices");
    host.send({ command: "quit" });
    expect(await host.ending()).toMatchObject({ exitCode: 0, stderr: "" });
  }
  // unassign_all_devices, sent too early, would end the opening.
  const { exitCode, report, root } = await replay(directory, ["--speed", "2"], "synthetic:open_delay=700");
  expect(told(report)).toEqual([]);
  expect({ exitCode, unasked: report.unasked.map(({ replayed }) => replayed) }).toEqual({
    exitCode: 0,
    unasked: ["ready", "device_ready"],
  });
  expect(report.program_options.slice(2, 7)).toEqual([
    "--enable-commands",
    "--camera-index",
    "0",
    "--output-dir",
    `${root}${directory.file("out")}`,
  ]);
}, 60_000);

test("what can't be replayed is one line on stderr and exit code 2", async () => {
  using directory = new TemporaryDirectory();
  const log = directory.file("commands.jsonl");
  writeFileSync(log, `${statusLine(0, "ready", null)}\nhello\n`);
  expect(await run(log)).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: expect.stringMatching(/^replay: .*jsonl:2: got "hello".*\n$/),
  });
  writeFileSync(log, `${statusLine(0, "ready", null)}\n`);
  expect(await run(log, "--session", "2")).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("expected 1 to 1"),
  });
  expect(await run(log, "--session-root", directory.path)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("is not empty"),
  });
}, 20_000);
