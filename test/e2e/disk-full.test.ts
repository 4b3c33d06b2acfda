import { expect, test } from "bun:test";
import { chmodSync, cpSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { StatusLine } from "../../src/protocol/statuses.ts";
import { mayMount, SmallDisk } from "../log/small-disk.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { expectSound } from "../support/expect-sound.ts";
import { LoopDisk, mayLoop } from "../support/loop-disk.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { readMetadata } from "../support/read-metadata.ts";
import { assign, pathsOf, record, startRecording, waitForRows } from "../support/record.ts";
import { readTimingFile } from "../support/timing-file.ts";

/** That are put on the disk together by a module that keeps up: a second's. */
const SYNCED_FRAMES_MAX = 30;
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
    // A busy machine may cost a frame of its own.
    const { disk_error: unwritten = 0, encoder_busy: untimely = 0, ...others } = dropped;
    expect({ sum: recorded + unwritten + untimely, others }).toEqual({ sum: captured, others: {} });
    expect(unwritten).toBeGreaterThan(0);

    // The camera is well: no new assignment is needed.
    expect(await host.ask("stop_recording")).toMatchObject({ status: "command_nack", code: "not_recording" });
    await expectSound(await record(host, directory.path, 10), 30);
    const { rows } = await expectSound(pathsOf(stopped.video_path ?? ""), 30);
    expect(rows).toHaveLength(recorded);
    // Where what was taken back of the video made room for it, the last version is there, else the first.
    const isWarned = host.statuses.some(({ code }) => code === "metadata_unwritten");
    const { end } = readMetadata(pathsOf(stopped.video_path ?? "")).beside;
    if (isWarned) expect(end).toBeNull();
    else expect(end).toMatchObject({ reason: "disk_full", error: error["error"], ledger: stopped.ledger });
    expect(readdirSync(dirname(stopped.video_path ?? "")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
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

/** Waits for what was said when the recording ended by itself. */
async function unaskedEnd(host: ModuleProcess): Promise<{ stopped: StatusLine; error: StatusLine }> {
  const error = await host.waitFor("device_error", ({ status }) => status === "device_error", 20_000);
  expect(error).not.toHaveProperty("in_reply_to");
  const stopped = host.statuses.at(-2) ?? error;
  expect(stopped).toMatchObject({ status: "recording_stopped", reason: error["code"] });
  expect(stopped).not.toHaveProperty("in_reply_to");
  return { stopped, error };
}

test.concurrent.each([
  ["removed", (directory: string) => rmSync(directory, { recursive: true })],
  ["moved", (directory: string) => renameSync(directory, `${directory}_elsewhere`)],
  [
    "replaced by another",
    (directory: string) => {
      cpSync(directory, `${directory}_copy`, { recursive: true });
      rmSync(directory, { recursive: true });
      renameSync(`${directory}_copy`, directory);
    },
  ],
])(
  "a session directory that is %s while recording ends it with a clear word, and the next one is whole",
  async (_name, act) => {
    using directory = new TemporaryDirectory();
    await using host = new ModuleProcess(["--source", "synthetic", ...SIZE]);
    await assign(host);
    const sessionDir = directory.file("session_1");
    const recording = await startRecording(host, sessionDir);
    await waitForRows(recording, 10);
    act(sessionDir);
    const { stopped, error } = await unaskedEnd(host);
    expect(error["code"]).toBe("file_gone");
    // Whichever of its files was looked at first.
    expect(error["error"]).toContain(dirname(recording.video));
    // Nothing that is not there is named.
    expect(stopped["video_path"]).toBeNull();
    expect(host.statuses.at(-3)).toMatchObject({ status: "warning", code: "metadata_unwritten" });
    expect(await host.ask("stop_recording")).toMatchObject({ status: "command_nack", code: "not_recording" });
    await expectSound(await record(host, directory.file("session_2"), 10), 30);
  },
  30_000,
);

test.concurrent("a session directory that is removed just before stop_recording is said to be gone", async () => {
  using directory = new TemporaryDirectory();
  await using host = new ModuleProcess(["--source", "synthetic", ...SIZE]);
  await assign(host);
  const gone = directory.file("gone");
  await waitForRows(await startRecording(host, gone), 10);
  rmSync(gone, { recursive: true });
  expect(await host.ask("stop_recording")).toMatchObject({ code: "file_gone" });
  expect(host.statuses.filter(({ status }) => status === "recording_stopped")).toMatchObject([{ video_path: null }]);
  await expectSound(await record(host, gone, 10), 30);
}, 30_000);

test.concurrent.skipIf(!mayLoop)(
  "a disk that becomes read-only ends the recording; what was written is whole, and the next goes elsewhere",
  async () => {
    using disk = new LoopDisk();
    using directory = new TemporaryDirectory();
    await using host = new ModuleProcess(["--source", "synthetic", ...SIZE]);
    await assign(host);
    const recording = await startRecording(host, disk.path);
    await waitForRows(recording, 20);
    // More rows come once those before them were synced: some are on the disk for good.
    await waitForRows(recording, readTimingFile(recording.timing).rows.length + 1);
    disk.turnReadOnly();
    const { stopped, error } = await unaskedEnd(host);
    expect(error["code"]).toBe("disk_error");
    // Which one, depends on whether a write or a sync was the first to meet it.
    expect(error["error"]).toMatch(/read-only|i\/o error/i);
    expect(stopped["video_path"]).toBe(recording.video);
    const { rows } = await expectSound(recording, 30);
    // What was being synced when it happened does not count as recorded, although it can be seen until the next mount:
    // it can't be taken back either.
    const { recorded } = expectPayload(stopped, "recording_stopped").ledger;
    expect(recorded).toBeGreaterThan(0);
    expect(rows.length - recorded).toBeWithin(0, SYNCED_FRAMES_MAX + 1);
    expect(await host.ask("start_recording", { session_dir: disk.path })).toMatchObject({ status: "device_error" });
    await expectSound(await record(host, directory.path, 10), 30);
  },
  30_000,
);

test.concurrent("a session directory that may not be written into any more does not hurt the files that are open", async () => {
  using directory = new TemporaryDirectory();
  await using host = new ModuleProcess(["--source", "synthetic", ...SIZE]);
  await assign(host);
  const recording = await startRecording(host, directory.path);
  await waitForRows(recording, 10);
  chmodSync(dirname(recording.video), 0o555);
  await waitForRows(recording, 40);
  expectPayload(await host.ask("stop_recording"), "recording_stopped");
  await expectSound(recording, 30);
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
