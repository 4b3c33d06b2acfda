import { expect, test } from "bun:test";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { expectSound } from "../support/expect-sound.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { assign, pathsOf, waitForRows } from "../support/record.ts";

test("two modules that record the same trial into the same directory at once: each has files of its own, and both are whole", async () => {
  using directory = new TemporaryDirectory();
  const args = ["--source", "synthetic", "--size", "320x240", "--log-dir", directory.file("logs")];
  await using first = new ModuleProcess(args);
  await using second = new ModuleProcess(args);
  const hosts = [first, second];
  await Promise.all(hosts.map((host) => assign(host)));
  const start = { session_dir: directory.file("session_1"), trial_number: 7 };
  for (let round = 0; round < 3; round++) {
    const started = await Promise.all(hosts.map((host) => host.ask("start_recording", start)));
    const recordings = started.map((reply) => pathsOf(expectPayload(reply, "recording_started").video_path));
    expect(new Set(recordings.map(({ video }) => video)).size).toBe(2);
    await Promise.all(recordings.map((recording) => waitForRows(recording, 15)));
    const stopped = await Promise.all(hosts.map((host) => host.ask("stop_recording")));
    const counts = stopped.map((reply) => expectPayload(reply, "recording_stopped").ledger.recorded);
    const sound = await Promise.all(recordings.map((recording) => expectSound(recording, 30)));
    expect(sound.map(({ rows }) => rows.length)).toEqual(counts);
  }
}, 60_000);
