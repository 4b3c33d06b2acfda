import { expect, test } from "bun:test";
import { Pipe } from "../log/pipe.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { waitUntil } from "../log/wait-until.ts";
import { expectSound } from "../support/expect-sound.ts";
import { PipedProgram } from "../support/piped-program.ts";
import { pathsOf, waitForRows } from "../support/record.ts";

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
