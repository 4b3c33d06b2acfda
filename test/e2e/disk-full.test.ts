import { expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { mayMount, SmallDisk } from "../log/small-disk.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { expectSound } from "../support/expect-sound.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { assign, pathsOf, record, startRecording, waitForRows } from "../support/record.ts";

const SIZE = ["--size", "320x240", "--codec", "mjpeg", "--jpeg-quality", "100"];

test.concurrent.skipIf(!mayMount)(
  "a full disk ends the recording, then says why; what was written is whole, and the next goes elsewhere",
  async () => {
    using disk = new SmallDisk("1m");
    using directory = new TemporaryDirectory();
    const logDir = directory.file("logs");
    await using host = new ModuleProcess(["--source", "synthetic", "--log-dir", logDir, ...SIZE]);
    await assign(host);
    expectPayload(await host.ask("start_recording", { session_dir: disk.path }), "recording_started");
    const error = await host.waitFor("device_error", ({ status }) => status === "device_error", 20_000);
    expect(error).toMatchObject({ device_id: "picam:0", code: "disk_full" });
    expect(error).not.toHaveProperty("in_reply_to");
    const stopped = expectPayload(host.statuses.at(-2) ?? error, "recording_stopped");
    expect(stopped.reason).toBe("disk_full");
    const { captured, recorded, dropped } = stopped.ledger;
    expect(recorded).toBeGreaterThan(0);
    expect(dropped).toEqual({ disk_error: captured - recorded });

    // The camera is well: no new assignment is needed.
    expect(await host.ask("stop_recording")).toMatchObject({ status: "command_nack", code: "not_recording" });
    await expectSound(await record(host, directory.path, 10), 30);
    const { rows } = await expectSound(pathsOf(stopped.video_path ?? ""), 30);
    expect(rows).toHaveLength(recorded);
    host.closeStdin();
    expect(await host.ending()).toEqual({ exitCode: 0, signal: null, stderr: "" });
  },
  40_000,
);

test.concurrent.skipIf(!mayMount)(
  "a disk that is full from the start refuses the recording, leaves nothing and the module lives on",
  async () => {
    using disk = new SmallDisk("64k");
    using directory = new TemporaryDirectory();
    await Bun.write(`${disk.path}/filler`, new Uint8Array(60 * 1024));
    await using host = new ModuleProcess(["--source", "synthetic", ...SIZE]);
    await assign(host);
    const { statuses } = host;
    const reply = await host.ask("start_recording", { session_dir: disk.path });
    if (reply.status === "recording_started") {
      // There was room for the header: the recording ends by itself.
      await host.waitFor("device_error", ({ status }) => status === "device_error", 20_000);
      expect(statuses.at(-2)).toMatchObject({ status: "recording_stopped", reason: "disk_full" });
    }
    expect(statuses.at(-1)).toMatchObject({ status: "device_error", code: "disk_full" });
    await expectSound(await record(host, directory.path, 10), 30);
  },
  40_000,
);

test.concurrent("a session directory that vanishes while recording: the recording is ended as asked, and the next one is whole", async () => {
  using directory = new TemporaryDirectory();
  await using host = new ModuleProcess(["--source", "synthetic", ...SIZE]);
  await assign(host);
  const gone = directory.file("gone");
  await waitForRows(await startRecording(host, gone), 10);
  rmSync(gone, { recursive: true });
  expectPayload(await host.ask("stop_recording"), "recording_stopped");
  await expectSound(await record(host, gone, 10), 30);
}, 30_000);

test.concurrent("a session directory that vanishes before the first picture was written is nobody's bug", async () => {
  using directory = new TemporaryDirectory();
  await using host = new ModuleProcess(["--source", "synthetic:stall=1", ...SIZE]);
  await assign(host);
  const gone = directory.file("gone");
  await startRecording(host, gone);
  rmSync(gone, { recursive: true });
  const reply = await host.ask("stop_recording");
  expect(reply).toMatchObject({ status: "recording_stopped", video_path: null });
}, 30_000);
