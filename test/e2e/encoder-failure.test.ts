import { expect, test } from "bun:test";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { expectSound } from "../support/expect-sound.ts";
import { Faults } from "../support/faults.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { assign, startRecording, waitForRows } from "../support/record.ts";

// Of hardware's encoders: hardware-encoder.test.ts.
test("libx264 that fails while recording: the recording is finished and told with its cause, the camera stays assigned", async () => {
  using directory = new TemporaryDirectory();
  using faults = new Faults();
  await using host = new ModuleProcess(["--source", "synthetic", "--size", "320x240"], { env: faults.env });
  await assign(host);
  const recording = await startRecording(host, directory.path);
  await waitForRows(recording, 20);
  faults.failX264();
  const error = await host.waitFor("device_error", ({ status }) => status === "device_error");
  expect(error).toMatchObject({ device_id: "picam:0", code: "encoder_failed", error: expect.stringContaining("x264") });
  expect(error).not.toHaveProperty("in_reply_to");
  const stopped = expectPayload(host.statuses.at(-2) ?? error, "recording_stopped");
  expect(stopped).toMatchObject({ reason: "encoder_failed", video_path: recording.video });
  const { rows } = await expectSound(recording, 30);
  expect(stopped.ledger.recorded).toBe(rows.length);
  expect(stopped.ledger.dropped["encoder_failed"]).toBeGreaterThan(0);

  // The next one fails as well, and leaves nothing; other commands are obeyed.
  expect(await host.ask("stop_recording")).toMatchObject({ status: "command_nack", code: "not_recording" });
  await host.ask("start_recording", { session_dir: directory.path });
  await host.waitFor(
    "the second end",
    () => host.statuses.filter(({ status }) => status === "device_error").length === 2,
  );
  expect(host.statuses.at(-1)).toMatchObject({ code: "encoder_failed" });
  expectPayload(await host.ask("unassign_device"), "device_unassigned");
  host.closeStdin();
  expect(await host.ending()).toEqual({ exitCode: 0, signal: null, stderr: "" });
}, 30_000);
