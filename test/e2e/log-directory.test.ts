import { expect, test } from "bun:test";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { mayMount, SmallDisk } from "../log/small-disk.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { expectSound } from "../support/expect-sound.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { assign, record, startRecording, waitForRows } from "../support/record.ts";

const Line = z.looseObject({ ts: z.iso.datetime() });
const SIZE = ["--size", "320x240"];

test.concurrent("a log directory that vanishes does not stop the recording", async () => {
  using directory = new TemporaryDirectory();
  const logDir = directory.file("logs");
  await using host = new ModuleProcess(["--source", "synthetic:bad_frame=7", "--log-dir", logDir, ...SIZE]);
  await assign(host);
  const recording = await startRecording(host, directory.path);
  await waitForRows(recording, 10);
  rmSync(logDir, { recursive: true });
  await waitForRows(recording, 40);
  expectPayload(await host.ask("stop_recording"), "recording_stopped");
  await expectSound(recording, 30);
  host.closeStdin();
  expect(await host.ending()).toMatchObject({ exitCode: 0, signal: null });
}, 30_000);

test.concurrent.skipIf(!mayMount)(
  "a full log directory does not stop the recording",
  async () => {
    using disk = new SmallDisk("64k");
    using directory = new TemporaryDirectory();
    writeFileSync(`${disk.path}/filler`, new Uint8Array(60 * 1024));
    await using host = new ModuleProcess(["--source", "synthetic:bad_frame=2", "--log-dir", disk.path, ...SIZE]);
    await assign(host);
    for (let attempt = 0; attempt < 20; attempt++) host.send({ command: "fill the log".repeat(50) });
    const recording = await record(host, directory.path, 40);
    await expectSound(recording, 30);
    host.closeStdin();
    expect(await host.ending()).toMatchObject({ exitCode: 0, signal: null });
  },
  30_000,
);

test.concurrent("a log directory that can't be made is told once on stderr, and everything else works", async () => {
  using directory = new TemporaryDirectory();
  writeFileSync(directory.file("file"), "");
  await using host = new ModuleProcess(["--source", "synthetic", "--log-dir", directory.file("file/logs"), ...SIZE]);
  await assign(host);
  await expectSound(await record(host, directory.path, 10), 30);
  host.closeStdin();
  const { exitCode, stderr } = await host.ending();
  expect(exitCode).toBe(0);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(stderr).toContain(directory.file("file/logs"));
}, 30_000);

test.concurrent("commands.jsonl tells a command's whole story by its id", async () => {
  using directory = new TemporaryDirectory();
  const logDir = directory.file("logs");
  mkdirSync(logDir);
  await using host = new ModuleProcess(["--source", "synthetic", "--log-dir", logDir, ...SIZE]);
  await host.ask("start_recording");
  const id = host.sendCommand("start_session", { session_dir: directory.path });
  await host.replyTo(id);
  // What is worth a word in the log: a command without an id, which is given one.
  host.send({ command: "stop_session" });
  const ack = await host.waitFor("command_ack", ({ data }) => data["command"] === "stop_session");
  expect(ack.in_reply_to).toMatch(/^endsession_\d{8}_\d{6}_001$/);
  host.closeStdin();
  expect((await host.ending()).exitCode).toBe(0);
  const lines = readFileSync(`${logDir}/commands.jsonl`, "utf8").trimEnd().split("\n");
  const story = lines.filter((line) => line.includes(id)).map((line) => Line.parse(JSON.parse(line)));
  expect(story).toMatchObject([
    { dir: "in", cmd: "start_session", id, payload: { session_dir: directory.path } },
    { id, state: "received" },
    { id, state: "processing" },
    { dir: "out", status: "command_ack", reply_to: id },
    { id, state: "completed" },
  ]);
  expect(readFileSync(`${logDir}/csicameras.log`, "utf8")).toContain(`"id":"${ack.in_reply_to}"`);
}, 20_000);
