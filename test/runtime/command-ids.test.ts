import { describe, expect, test } from "bun:test";
import { payloadOf, RuntimeHost } from "../support/runtime-host.ts";

const MADE_UP = /^[a-z]+_\d{8}_\d{6}_\d{3,}$/;

describe("a command without an id", () => {
  test("is obeyed and answered with a made-up one, never the same twice", async () => {
    await using host = new RuntimeHost();
    await host.sendRaw({ command: "assign_device", device_id: "picam:0" });
    await host.sendRaw({ command: "start_session", session_dir: host.sessionDir, command_id: null });
    await host.sendRaw({ command: "start_recording" });
    await host.sendRaw({ command: "stop_recording" });
    await host.sendRaw({ command: "unassign_device" });
    const ids = host.statuses.slice(1).map(({ inReplyTo }) => inReplyTo ?? "");
    expect(host.story(1)).toEqual([
      "device_ready",
      "command_ack",
      "recording_started",
      "recording_stopped",
      "device_unassigned",
    ]);
    for (const id of ids) expect(id).toMatch(MADE_UP);
    expect(ids[2]).toStartWith("rec_");
    expect(new Set(ids).size).toBe(5);
  });

  test("or with an empty one does not lose a recording", async () => {
    await using host = new RuntimeHost();
    await host.assign();
    await host.sendRaw({ command: "start_recording", session_dir: host.sessionDir, command_id: "" });
    expect(host.story(2)).toEqual(["recording_started"]);
  });

  test("is refused with --strict-command-ids, without in_reply_to, and nothing is done", async () => {
    await using host = new RuntimeHost({ args: ["--strict-command-ids"] });
    await host.sendRaw({ command: "assign_device", device_id: "picam:0" });
    await host.sendRaw({ command: "quit" });
    expect(host.story(1)).toEqual(["command_nack:missing_command_id!", "command_nack:missing_command_id!"]);
    expect(host.statuses[1]?.payload).toMatchObject({ command: "assign_device", success: false });
    expect(host.sources).toEqual([]);
    await host.assign();
  });
});

describe("a line that is no command", () => {
  test("is answered once, with its id where one can be read", async () => {
    await using host = new RuntimeHost();
    await host.sendRaw("{");
    await host.sendRaw("[]");
    await host.sendRaw({ command: "dance", command_id: "d_1" });
    expect(host.statuses.slice(1).map(({ inReplyTo }) => inReplyTo)).toEqual([undefined, undefined, "d_1"]);
    expect(host.story(1)).toEqual([
      "command_nack:bad_json!",
      "command_nack:bad_command!",
      "command_nack:unknown_command",
    ]);
  });

  test("is answered in its turn", async () => {
    await using host = new RuntimeHost();
    const first = host.send("assign_device", { device_id: "picam:0" });
    void host.sendRaw("nonsense");
    const last = host.send("stop_session");
    await host.replyTo(last);
    expect(host.story(1)).toEqual(["device_ready", "command_nack:bad_json!", "command_ack"]);
    expect(host.repliesTo(first)).toHaveLength(1);
  });
});

test("a host that sends much at once has every command answered, in order", async () => {
  await using host = new RuntimeHost();
  const ids = Array.from({ length: 400 }, () => host.send("stop_session"));
  await host.runtime.whenRoom();
  await host.replyTo(ids.at(-1) ?? "");
  expect(host.statuses.slice(1).map(({ inReplyTo }) => inReplyTo)).toEqual(ids);
  const nack = await host.ask("stop_recording");
  expect(payloadOf(nack, "command_nack").code).toBe("not_recording");
});
