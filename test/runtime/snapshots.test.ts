import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { SmallDisk } from "../log/small-disk.ts";
import { decode } from "../native/ffmpeg.ts";
import { readFrameNumber } from "../support/read-frame-number.ts";
import { payloadOf, RuntimeHost } from "../support/runtime-host.ts";

async function snapshot(host: RuntimeHost, fields: Readonly<Record<string, unknown>> = {}) {
  const asked = host.send("take_snapshot", fields);
  // Not before it is waited for.
  await new Promise((resolve) => setImmediate(resolve));
  await host.source.deliverAll(1);
  return await host.replyTo(asked);
}

test("a snapshot is a JPEG of full size in the camera's folder, named after session, moment and camera", async () => {
  await using host = new RuntimeHost();
  await host.assign();
  const taken = payloadOf(await snapshot(host, { session_dir: host.sessionDir }), "snapshot_taken");
  expect(taken.path).toMatch(
    new RegExp(
      `^${host.sessionDir}/CSICameras/made-up_picam_0/20260106_081726_CSI_snapshot_\\d{8}_\\d{6}_made-up_picam_0\\.jpg$`,
    ),
  );
  expect(taken).toMatchObject({ camera_id: "picam:0", width: 160, height: 96 });
  const luma = await decode("mjpeg", await Bun.file(taken.path).bytes(), "gray");
  const number = readFrameNumber(luma, taken.width);
  expect(number).toBe(host.source.frames.lastNumber);
  expect(host.source.frames.held).toBe(0);
});

test("snapshots of one moment lie side by side, and those of a recording beside it", async () => {
  await using host = new RuntimeHost();
  await host.expect("command_ack", "start_session", { session_dir: host.directory.file("session_a") });
  await host.assign();
  const paths = [];
  for (let count = 0; count < 4; count++) paths.push(payloadOf(await snapshot(host), "snapshot_taken").path);
  expect(new Set(paths).size).toBe(4);
  expect(readdirSync(dirname(paths[0] ?? ""))).toHaveLength(4);
  const { video_path } = await host.record({ session_dir: host.directory.file("session_b") });
  const during = payloadOf(await snapshot(host), "snapshot_taken");
  expect(dirname(during.path)).toBe(dirname(video_path));
  expect((await host.expect("recording_stopped", "stop_recording")).ledger).toMatchObject({ recorded: 1, dropped: {} });
});

test("a snapshot that does not fit on the disk is refused and leaves nothing", async () => {
  using disk = new SmallDisk("4k");
  await using host = new RuntimeHost({ args: ["--jpeg-quality", "100"] });
  await host.assign();
  expect(await snapshot(host, { session_dir: `${disk.path}/session_x` })).toMatchObject({
    status: "command_nack",
    payload: { command: "take_snapshot", code: "disk_full" },
  });
  expect(readdirSync(`${disk.path}/session_x/CSICameras/made-up_picam_0`)).toEqual([]);
});

test("what is recorded is told on the way, and the log's level is what it was set to", async () => {
  await using host = new RuntimeHost();
  await host.assign();
  const { video_path } = await host.record({ trial_number: 7, trial_label: "left" });
  await host.source.deliverAll(5);
  expect(await host.expect("status_report", "get_status")).toMatchObject({
    state: "recording",
    device_id: "picam:0",
    fault: null,
    recording: { video_path, trial_number: 7, trial_label: "left", ledger: { captured: 5 } },
  });
});
