import { describe, expect, test } from "bun:test";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { expectSound } from "../support/expect-sound.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { waitForCommandState } from "../support/command-log.ts";
import { assign, startRecording, waitForRows } from "../support/record.ts";

const ARGS = ["--size", "320x240"];
/** A host waits 2 s after a signal before it sends the next, harder one. */
const ORDERLY_MS = 2000;

interface Ending {
  readonly reason: string;
  readonly end: (host: ModuleProcess) => void;
}

const ENDINGS: readonly Ending[] = [
  { reason: "stdin_end", end: (host) => host.closeStdin() },
  { reason: "SIGTERM", end: (host) => host.kill("SIGTERM") },
  { reason: "SIGINT", end: (host) => host.kill("SIGINT") },
  { reason: "SIGHUP", end: (host) => host.kill("SIGHUP") },
  { reason: "quit", end: (host) => host.sendCommand("quit") },
];

describe.each(ENDINGS.map((ending) => [ending.reason, ending] as const))("%s", (reason, { end }) => {
  test("finishes the recording, says so and why, and ends the program with 0", async () => {
    using directory = new TemporaryDirectory();
    await using host = new ModuleProcess(["--source", "synthetic", ...ARGS]);
    await assign(host);
    const recording = await startRecording(host, directory.path);
    await waitForRows(recording, 20);
    const startMs = performance.now();
    end(host);
    expect(await host.ending()).toEqual({ exitCode: 0, signal: null, stderr: "" });
    expect(performance.now() - startMs).toBeLessThan(ORDERLY_MS);

    const stopped = host.statuses.filter(({ status }) => status === "recording_stopped");
    expect(stopped).toHaveLength(1);
    expect(stopped[0]).toMatchObject({ reason, camera_id: "picam:0", video_path: recording.video });
    expect(stopped[0]).not.toHaveProperty("in_reply_to");
    expect(host.statuses.at(-1)?.status).toBe(reason === "quit" ? "quitting" : "recording_stopped");
    await expectSound(recording, 30);
  }, 20_000);

  test("does not wait for a camera that takes 30 s to open, and its assignment is answered", async () => {
    using directory = new TemporaryDirectory();
    const slow = ["--source", "synthetic:open_delay=30000", "--first-frame-timeout", "60"];
    await using host = new ModuleProcess([...slow, "--log-dir", directory.path, ...ARGS]);
    const assignment = host.sendCommand("assign_device", { device_id: "picam:0" });
    const waiting = host.sendCommand("start_recording", { session_dir: directory.path });
    await waitForCommandState(directory.path, assignment, "processing");
    await waitForCommandState(directory.path, waiting, "received");
    const startMs = performance.now();
    end(host);
    expect(await host.ending()).toEqual({ exitCode: 0, signal: null, stderr: "" });
    expect(performance.now() - startMs).toBeLessThan(ORDERLY_MS);
    const [answer, ...more] = host.repliesTo(assignment);
    expect(more).toEqual([]);
    expect(answer).toMatchObject({ status: "device_error", code: "shutting_down", device_id: "picam:0" });
    expect(host.repliesTo(waiting)).toMatchObject([{ status: "command_nack", code: "no_device" }]);
  }, 20_000);

  test("ends the program with 0 when nothing was assigned", async () => {
    await using host = new ModuleProcess(["--source", "synthetic", ...ARGS]);
    await host.waitFor("ready", ({ status }) => status === "ready");
    end(host);
    expect(await host.ending()).toEqual({ exitCode: 0, signal: null, stderr: "" });
    expect(host.statuses.map(({ status }) => status)).toEqual(reason === "quit" ? ["ready", "quitting"] : ["ready"]);
  }, 20_000);
});

test("quit is answered once, as the last line, with everything before it answered", async () => {
  using directory = new TemporaryDirectory();
  await using host = new ModuleProcess(["--source", "synthetic", ...ARGS]);
  await assign(host);
  const recording = await startRecording(host, directory.path);
  await waitForRows(recording, 5);
  const stop = host.sendCommand("stop_recording");
  const unassign = host.sendCommand("unassign_device");
  const quit = host.sendCommand("quit");
  const afterQuit = host.sendCommand("stop_session");
  expect((await host.ending()).exitCode).toBe(0);
  expect(host.statuses.slice(-3).map(({ in_reply_to }) => in_reply_to)).toEqual([stop, unassign, quit]);
  expectPayload(await host.replyTo(stop), "recording_stopped");
  expect(host.repliesTo(afterQuit)).toEqual([]);
  await expectSound(recording, 30);
}, 20_000);

describe("asked to end once more while it ends:", () => {
  const kill = (signal: NodeJS.Signals) => (host: ModuleProcess) => host.kill(signal);
  const quit = (host: ModuleProcess) => void host.sendCommand("quit");
  const closeStdin = (host: ModuleProcess) => host.closeStdin();
  const stop = (host: ModuleProcess) => void host.sendCommand("stop_recording");

  test.each<[string, ((host: ModuleProcess) => void)[]]>([
    ["SIGTERM twice", [kill("SIGTERM"), kill("SIGTERM")]],
    ["SIGTERM, SIGINT, SIGHUP and stdin's end", [kill("SIGTERM"), kill("SIGINT"), kill("SIGHUP"), closeStdin]],
    ["quit, then SIGTERM", [quit, kill("SIGTERM")]],
    ["SIGTERM, then quit", [kill("SIGTERM"), quit]],
    ["quit while the recording is being stopped", [stop, quit]],
    ["SIGTERM while the recording is being stopped", [stop, kill("SIGTERM")]],
    ["quit twice and stdin's end", [quit, quit, closeStdin]],
  ])(
    "%s: the recording is finished and told once, the program ends with 0",
    async (_name, ways) => {
      using directory = new TemporaryDirectory();
      await using host = new ModuleProcess(["--source", "synthetic", ...ARGS]);
      await assign(host);
      const recording = await startRecording(host, directory.path);
      await waitForRows(recording, 20);
      const startMs = performance.now();
      for (const end of ways) end(host);
      expect(await host.ending()).toEqual({ exitCode: 0, signal: null, stderr: "" });
      expect(performance.now() - startMs).toBeLessThan(ORDERLY_MS);
      expect(host.statuses.filter(({ status }) => status === "recording_stopped")).toHaveLength(1);
      expect(host.statuses.filter(({ status }) => status === "quitting").length).toBeLessThanOrEqual(1);
      await expectSound(recording, 30);
    },
    20_000,
  );

  test.each<[string, ((host: ModuleProcess) => void)[]]>([
    ["SIGTERM twice", [kill("SIGTERM"), kill("SIGTERM")]],
    ["quit, then SIGTERM", [quit, kill("SIGTERM")]],
  ])(
    "%s while a camera opens: no hang, and the assignment is answered once",
    async (_name, ways) => {
      using directory = new TemporaryDirectory();
      const slow = ["--source", "synthetic:open_delay=30000", "--first-frame-timeout", "60"];
      await using host = new ModuleProcess([...slow, "--log-dir", directory.path, ...ARGS]);
      const assignment = host.sendCommand("assign_device", { device_id: "picam:0" });
      await waitForCommandState(directory.path, assignment, "processing");
      const startMs = performance.now();
      for (const end of ways) end(host);
      expect(await host.ending()).toEqual({ exitCode: 0, signal: null, stderr: "" });
      expect(performance.now() - startMs).toBeLessThan(ORDERLY_MS);
      expect(host.repliesTo(assignment)).toMatchObject([{ status: "device_error", code: "shutting_down" }]);
    },
    20_000,
  );
});
