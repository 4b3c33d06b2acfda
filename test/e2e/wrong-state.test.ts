import { expect, test } from "bun:test";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { assign, record, startRecording } from "../support/record.ts";

const ARGS = ["--source", "synthetic", "--size", "320x240"];

test.concurrent("each command in each wrong state is refused with its code, once, and what runs goes on", async () => {
  using directory = new TemporaryDirectory();
  await using host = new ModuleProcess(ARGS);
  const refused = async (command: string, code: string, fields = {}) => {
    const reply = await host.ask(command, fields);
    expect(reply).toMatchObject({ status: "command_nack", command, code });
    expect(reply.data["error"]).toContain("expected");
  };
  const session_dir = directory.path;
  // Nothing assigned.
  await refused("start_recording", "no_device", { session_dir });
  await refused("stop_recording", "not_recording");
  expectPayload(await host.ask("stop_session"), "command_ack");
  expectPayload(await host.ask("unassign_device"), "device_unassigned");

  await assign(host);
  await refused("assign_device", "device_busy", { device_id: "picam:1" });
  await refused("stop_recording", "not_recording");
  await refused("start_recording", "bad_command");
  expect(await host.ask("unassign_device", { device_id: "picam:1" })).toMatchObject({
    status: "command_nack",
    code: "no_device",
  });
  expectPayload(await host.ask("stop_session"), "command_ack");

  await startRecording(host, session_dir);
  await refused("start_recording", "already_recording", { session_dir });
  await refused("assign_device", "device_busy", { device_id: "picam:1" });
  expectPayload(await host.ask("assign_device", { device_id: "picam:0" }), "device_ready");
  expectPayload(await host.ask("start_session", { session_dir: directory.file("other") }), "command_ack");
  // Ends the recording that was started, which is its reply.
  expectPayload(await host.ask("stop_session"), "recording_stopped");
  await refused("stop_recording", "not_recording");

  await startRecording(host, session_dir);
  const unassigned = await host.ask("unassign_device");
  expectPayload(unassigned, "device_unassigned");
  expect(host.statuses.at(-2)).toMatchObject({ status: "recording_stopped", reason: "unassign" });
  await refused("stop_recording", "not_recording");
  await refused("start_recording", "no_device", { session_dir });
}, 30_000);

test.concurrent("commands sent all at once are obeyed in their order", async () => {
  using directory = new TemporaryDirectory();
  await using host = new ModuleProcess(ARGS);
  const session_dir = directory.path;
  const ids = Array.from({ length: 10 }).flatMap(() => [
    host.sendCommand("assign_device", { device_id: "picam:0" }),
    host.sendCommand("start_recording", { session_dir }),
    host.sendCommand("stop_recording"),
    host.sendCommand("unassign_device"),
  ]);
  await host.replyTo(ids.at(-1) ?? "");
  expect(host.statuses.slice(1).map(({ in_reply_to }) => in_reply_to)).toEqual(ids);
  const expected = ["device_ready", "recording_started", "recording_stopped", "device_unassigned"];
  expect(host.statuses.slice(1).map(({ status }) => status)).toEqual(
    Array.from({ length: 10 }).flatMap(() => expected),
  );
}, 30_000);

test.concurrent("--strict-command-ids refuses a command without an id, and obeys one with", async () => {
  await using host = new ModuleProcess([...ARGS, "--strict-command-ids"]);
  host.send({ command: "stop_session" });
  const refusal = await host.waitFor("a refusal", ({ status }) => status === "command_nack");
  expect(refusal).toMatchObject({ code: "missing_command_id", command: "stop_session" });
  expect(refusal).not.toHaveProperty("in_reply_to");
  expectPayload(await host.ask("stop_session"), "command_ack");
}, 15_000);

test.concurrent("without a trial_number trials count on, and below 1 they are 1", async () => {
  using directory = new TemporaryDirectory();
  await using host = new ModuleProcess(ARGS);
  await assign(host);
  expectPayload(await host.ask("start_session", { session_dir: directory.path }), "command_ack");
  const trials: number[] = [];
  for (const fields of [
    { trial_number: 5 },
    {},
    { trial_number: null },
    { trial_number: -3 },
    { trial_number: 0 },
    {},
  ]) {
    const { trial_number } = expectPayload(await host.ask("start_recording", fields), "recording_started");
    trials.push(trial_number);
    await host.ask("stop_recording");
  }
  expect(trials).toEqual([5, 6, 7, 1, 1, 2]);
  const { video } = await record(host, directory.path, 5, { trial_number: 1234 });
  expect(video).toContain("_CSI_trial1234_");
}, 30_000);
