import { expect, test } from "bun:test";
import { readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { assign, record, startRecording, waitForRows } from "../support/record.ts";
import { verdictOn } from "../support/run-program.ts";

const ARGS = ["--source", "synthetic", "--size", "320x240"];

/** Everything under a directory, by its path from there. */
function tree(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" }).toSorted();
}

const ODD_NAMES = [
  "../../../../escaped",
  "..",
  ".",
  "/etc/passwd",
  "a/b\\c:d",
  "qu\"ote's `$(touch pwned)`",
  "line\nbreak\r\tand tab",
  "🎥📷",
  "Ünïcødé 試験",
  "-rf *",
  "x".repeat(1000),
  "﷽".repeat(300),
];

test.concurrent.each(["camera_hw_model", "display_name", "camera_stable_id"])(
  "whatever %s is, files stay inside of the session and have plain names",
  async (field) => {
    using directory = new TemporaryDirectory();
    await using host = new ModuleProcess(ARGS, { cwd: directory.path });
    for (const [index, name] of ODD_NAMES.entries()) {
      const session = `session_${index}`;
      await assign(host, "picam:0", { [field]: name });
      const recording = await startRecording(host, directory.file(session));
      await waitForRows(recording, 1);
      const [modules, camera, ...files] = tree(directory.file(session));
      expectPayload(await host.ask("unassign_device"), "device_unassigned");
      expect(recording.video).toStartWith(`${directory.file(session)}/CSICameras/`);
      expect(modules).toBe("CSICameras");
      expect(camera).toMatch(/^CSICameras\/[A-Za-z0-9_-][A-Za-z0-9._-]*$/);
      expect(files).toHaveLength(3);
      for (const file of files) expect(basename(file)).toMatch(/^[A-Za-z0-9._-]{1,200}$/);
    }
    expect(tree(directory.path).filter((path) => !path.includes("/"))).toEqual(
      ODD_NAMES.map((_, index) => `session_${index}`).toSorted(),
    );
  },
  60_000,
);

test.concurrent("odd device ids are kept in statuses and rows, and make no odd paths", async () => {
  using directory = new TemporaryDirectory();
  await using host = new ModuleProcess(ARGS, { cwd: directory.path });
  for (const deviceId of ['../"picam,0"', "🎥", "two\nlines"]) {
    await assign(host, deviceId);
    const { video } = await record(host, directory.file("session"), 5);
    expect(host.statuses.at(-1)?.data["camera_id"]).toBe(deviceId);
    expect(await verdictOn(video)).toMatchObject({ exitCode: 0 });
    expectPayload(await host.ask("unassign_device"), "device_unassigned");
  }
  expect(readdirSync(directory.path)).toEqual(["session"]);
}, 30_000);

test.concurrent("a session directory that can't be made is bad_session_dir, and the next one works", async () => {
  using directory = new TemporaryDirectory();
  writeFileSync(directory.file("file"), "");
  symlinkSync(directory.path, directory.file("session_link"));
  await using host = new ModuleProcess(ARGS);
  await assign(host);
  const tooLong = directory.file("x".repeat(300));
  for (const session_dir of [
    directory.file("file"),
    directory.file("file/below"),
    "/proc/self/x",
    "/dev/null",
    tooLong,
  ]) {
    const reply = await host.ask("start_recording", { session_dir });
    expect(reply).toMatchObject({ status: "device_error", code: "bad_session_dir", device_id: "picam:0" });
    expect(String(reply.data["error"])).toContain(session_dir);
  }
  // A link to a session directory is the host's own business.
  const { video } = await record(host, directory.file("session_link"), 5);
  expect(await verdictOn(video)).toMatchObject({ exitCode: 0 });
  // A busy machine may cost it a frame, which is then listed.
  expect(tree(directory.file("CSICameras")).filter((path) => !path.endsWith("_drops.jsonl"))).toHaveLength(4);
}, 30_000);

test.concurrent("a link inside of the session does not lead the recording out of it", async () => {
  using directory = new TemporaryDirectory();
  using outside = new TemporaryDirectory();
  symlinkSync(outside.path, directory.file("CSICameras"));
  await using host = new ModuleProcess(ARGS);
  await assign(host);
  const reply = await host.ask("start_recording", { session_dir: directory.path });
  expect(reply).toMatchObject({ status: "device_error", code: "bad_session_dir" });
  expect(readdirSync(outside.path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())).toEqual(
    [],
  );
}, 15_000);

test.concurrent("a relative session directory is taken from where the program runs, and told as an absolute path", async () => {
  using directory = new TemporaryDirectory();
  await using host = new ModuleProcess(ARGS, { cwd: directory.path });
  await assign(host);
  const { video } = await record(host, "session_x/../session_y", 5);
  expect(video).toStartWith(directory.file("session_y/CSICameras/"));
}, 15_000);
