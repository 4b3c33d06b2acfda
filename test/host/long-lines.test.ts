import { expect, test } from "bun:test";
import { linkSync } from "node:fs";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { expectSound } from "../support/expect-sound.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { pathsOf, waitForRows } from "../support/record.ts";
import { HOST_LINE_BYTES_LIMIT } from "./host-lines.ts";

/** Of a path, without the NUL at its end (limits.h). */
const PATH_BYTES_MAX = 4095;
const NAME_BYTES_MAX = 255;
/** JSON makes six bytes of it, in a line that says everything twice. */
const LONGEST = "\x01";
const ID = LONGEST.repeat(199);
/** What the module puts behind the session directory and its token for the longest name that a recording needs. */
const BEHIND = "/CSICameras/x_y/_CSI_trial9007199254740991_x_y_recording.json.tmp";

/** A session directory so deep that its recordings' names just fit. */
function deepest(directory: string): string {
  // The last part comes twice: it is in the files' names as well.
  const token = LONGEST.repeat(100);
  let room = PATH_BYTES_MAX - BEHIND.length - `/s_${token}${token}`.length - directory.length;
  let path = directory;
  while (room > 1) {
    const name = LONGEST.repeat(Math.min(NAME_BYTES_MAX, room - 1));
    path += `/${name}`;
    room -= name.length + 1;
  }
  return `${path}/s_${token}`;
}

test("no line has 64 KiB, however long the ids, labels and paths are, and the recording is sound", async () => {
  using directory = new TemporaryDirectory();
  const session_dir = deepest(directory.path);
  await using host = new ModuleProcess(["--source", "synthetic", "--size", "320x240", "--enable-commands"]);
  let sequence = 0;
  const ask = async (command: string, fields = {}) => {
    const command_id = `${ID}${++sequence}`;
    host.send({ command, command_id, ...fields });
    return await host.replyTo(command_id);
  };
  const device_id = `${ID}0`;
  const camera = { camera_hw_model: "x", camera_stable_id: "y" };
  expectPayload(await ask("assign_device", { device_id, ...camera }), "device_ready");
  const trial = { session_dir, trial_number: Number.MAX_SAFE_INTEGER, trial_label: LONGEST.repeat(1024) };
  const recording = pathsOf(expectPayload(await ask("start_recording", trial), "recording_started").video_path);
  expect(`${recording.metadata}.tmp`).toHaveLength(PATH_BYTES_MAX);
  await waitForRows(recording, 10);
  expectPayload(await ask("get_status"), "status_report");
  expectPayload(await ask("take_snapshot"), "snapshot_taken");
  // Refused with the longest of sentences.
  expectPayload(await ask("assign_device", { device_id: `${ID}1` }), "command_nack");
  expectPayload(await ask("x".repeat(60_000)), "command_nack");
  expectPayload(await ask("stop_recording"), "recording_stopped");
  const failed = await ask("start_recording", { ...trial, session_dir: `${session_dir}${LONGEST.repeat(20)}` });
  expectPayload(failed, "device_error");

  const byteCounts = host.statuses.map((status) => Buffer.byteLength(JSON.stringify(status)));
  expect(Math.max(...byteCounts)).toBeLessThan(HOST_LINE_BYTES_LIMIT);
  // As long as can be: what this test is for.
  expect(Math.max(...byteCounts)).toBeGreaterThan(55_000);
  expect(host.statuses.filter(({ status }) => status === "warning")).toEqual([]);
  // Other programs do not take such names.
  const short = pathsOf(directory.file("recording.mp4"));
  for (const file of ["video", "timing", "metadata"] as const) linkSync(recording[file], short[file]);
  await expectSound(short, 30);
}, 20_000);
