import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { RpiLoggerHost } from "./rpi-logger-host.ts";

const INSTANCE_LOG = "CSICameras/logs/CAMERAS_CSI_picam_0/csicameras.log";
/** Short ones, for a host that tries all of its attempts. */
const TIMES = { assignAttempt: 150, assignPause: 50 };

test("assigned again and again while it opens, a camera is opened once, and each attempt is acknowledged at once and answered in order", async () => {
  using directory = new TemporaryDirectory();
  const source = "synthetic:open_delay=1500";
  await using host = new RpiLoggerHost({ outputDir: directory.path, source, times: TIMES, isDeafToAcks: true });
  await host.module.waitFor("ready", ({ status }) => status === "ready");
  const ids = await host.assign();
  expect(ids).toHaveLength(3);
  await host.module.replyTo(ids[2] ?? "");
  const said = host.module.statuses.map(({ status, in_reply_to }) => [status, in_reply_to]);
  expect(said).toEqual([
    ["ready", undefined],
    ...ids.map((id) => ["device_ack", id]),
    ...ids.map((id) => ["device_ready", id]),
  ]);
  await host.stop();
  expect(readFileSync(directory.file(INSTANCE_LOG), "utf8").match(/"camera assigned"/g)).toHaveLength(1);
}, 15_000);

test("while a camera is assigned, another one is refused without being acknowledged", async () => {
  using directory = new TemporaryDirectory();
  await using host = new RpiLoggerHost({ outputDir: directory.path, times: TIMES });
  await host.connect();
  const mark = host.module.statuses.length;
  const ids = await host.assign("picam:1");
  await host.module.replyTo(ids[2] ?? "");
  expect(host.module.statuses.slice(mark)).toMatchObject(
    ids.map((id) => ({ status: "command_nack", in_reply_to: id, code: "device_busy" })),
  );
}, 15_000);
