import { expect, test } from "bun:test";
import { Pipe } from "../log/pipe.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { waitUntil } from "../log/wait-until.ts";
import { expectSound } from "../support/expect-sound.ts";
import { PipedProgram } from "../support/piped-program.ts";
import { residentBytes } from "../support/process-usage.ts";
import { pathsOf, waitForRows } from "../support/record.ts";

/** What a deaf host may cost: 4 MiB of replies, 256 commands, and what collecting garbage leaves for a while. */
const MEMORY_GROWTH_MAX = 48 * 1024 * 1024;
const ARGS = ["--source", "synthetic", "--size", "320x240"];

/** Starts a recording and returns its paths. */
async function startRecording(program: PipedProgram, sessionDir: string): Promise<ReturnType<typeof pathsOf>> {
  program.send({ command: "assign_device", command_id: "assign_20260106_143050_001", device_id: "picam:0" });
  program.send({ command: "start_recording", command_id: "rec_20260106_143052_002", session_dir: sessionDir });
  const started = /"recording_started".*?"video_path":"([^"]+)"/;
  await waitUntil("recording_started", () => started.test(program.output()), 10_000);
  const paths = pathsOf(started.exec(program.output())?.[1] ?? "");
  await waitForRows(paths, 10);
  return paths;
}

test("a host that reads nothing any more: SIGTERM ends the program within 3 s and the recording is complete", async () => {
  using directory = new TemporaryDirectory();
  using pipe = new Pipe();
  await using program = new PipedProgram(ARGS, pipe);
  const recording = await startRecording(program, directory.path);
  pipe.fill("x");
  for (let sequence = 0; sequence < 5000; sequence++) program.send({ command: "what is this?" });
  // Still recording, whatever waits for the host.
  await waitForRows(recording, 60);
  const startMs = performance.now();
  program.kill("SIGTERM");
  const { signal, stderr } = await program.ending();
  expect(performance.now() - startMs).toBeLessThan(3000);
  expect({ signal, stderr }).toEqual({ signal: null, stderr: "" });
  await expectSound(recording, 30);
}, 30_000);

test("a host that reads nothing for a while: what waits is bounded, and all of it comes in order once the host reads again", async () => {
  using directory = new TemporaryDirectory();
  using pipe = new Pipe();
  await using program = new PipedProgram(ARGS, pipe);
  const recording = await startRecording(program, directory.path);
  const before = residentBytes(program.pid);
  const ids = Array.from({ length: 5000 }, (_, index) => `session_20260106_143053_${String(index).padStart(4, "0")}`);
  for (const id of ids) {
    program.send({ command: "start_session", command_id: id, session_dir: `/${"x".repeat(2000)}` });
  }
  await waitForRows(recording, 90);
  // 10 MB of commands wait, the most of them outside.
  expect(residentBytes(program.pid) - before).toBeLessThan(MEMORY_GROWTH_MAX);
  expect(program.output()).not.toContain(ids.at(-1) ?? "");
  program.send({ command: "stop_recording", command_id: "stop_20260106_143153_000" });
  await waitUntil("every reply", () => program.output().includes("stop_20260106_143153_000"), 20_000);
  const replies = [...program.output().matchAll(/"in_reply_to":"((?:session|stop)_[^"]+)"/g)].map(([, id]) => id);
  expect(replies).toEqual([...ids, "stop_20260106_143153_000"]);
  program.closeStdin();
  expect((await program.ending()).exitCode).toBe(0);
  await expectSound(recording, 30);
}, 60_000);

test("a host that closes stdout: the recording is finished and the program ends without a word", async () => {
  using directory = new TemporaryDirectory();
  using pipe = new Pipe();
  await using program = new PipedProgram(ARGS, pipe);
  const recording = await startRecording(program, directory.path);
  pipe.closeReader();
  program.send({ command: "start_session", command_id: "session_20260106_143053_003", session_dir: directory.path });
  const { signal, stderr } = await program.ending();
  expect({ signal, stderr }).toEqual({ signal: null, stderr: "" });
  await expectSound(recording, 30);
}, 30_000);

test("a host that closes all pipes at once: the recording is finished and the program ends without a word", async () => {
  using directory = new TemporaryDirectory();
  using pipe = new Pipe();
  await using program = new PipedProgram(ARGS, pipe);
  const recording = await startRecording(program, directory.path);
  pipe.closeReader();
  program.closeStdin();
  const { signal, stderr } = await program.ending();
  expect({ signal, stderr }).toEqual({ signal: null, stderr: "" });
  await expectSound(recording, 30);
}, 30_000);
