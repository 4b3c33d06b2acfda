import { describe, expect, test } from "bun:test";
import { RuntimeError } from "../../src/errors.ts";
import { waitUntil } from "../log/wait-until.ts";
import { ManualSource } from "../support/manual-source.ts";
import { RuntimeHost, shortly } from "../support/runtime-host.ts";

/** Commands under test; `host` gives them the session directory. */
const COMMANDS: Record<string, (host: RuntimeHost) => Readonly<Record<string, unknown>>> = {
  assign_same: () => ({ command: "assign_device", device_id: "picam:0" }),
  assign_other: () => ({ command: "assign_device", device_id: "picam:1" }),
  assign_without_id: () => ({ command: "assign_device" }),
  assign_usb: () => ({ command: "assign_device", device_id: "picam:0", camera_type: "usb" }),
  unassign: () => ({ command: "unassign_device" }),
  unassign_same: () => ({ command: "unassign_device", device_id: "picam:0" }),
  unassign_other: () => ({ command: "unassign_device", device_id: "picam:1" }),
  record: ({ sessionDir }) => ({ command: "start_recording", session_dir: sessionDir }),
  record_nowhere: () => ({ command: "start_recording" }),
  record_badly: () => ({ command: "start_recording", session_dir: 7 }),
  record_in_file: () => ({ command: "start_recording", session_dir: "/proc/version/session_x" }),
  stop_recording: () => ({ command: "stop_recording" }),
  start_session: ({ sessionDir }) => ({ command: "start_session", session_dir: sessionDir }),
  start_session_nowhere: () => ({ command: "start_session" }),
  stop_session: () => ({ command: "stop_session" }),
  unknown: () => ({ command: "make_coffee" }),
  no_command: () => ({}),
  quit: () => ({ command: "quit" }),
};

/** What each command's one reply is, after the statuses that nobody asked for. Missing: as in `idle`. */
type Replies = Partial<Record<keyof typeof COMMANDS, string>>;

const IDLE: Replies = {
  assign_same: "device_ready",
  assign_other: "device_ready",
  assign_without_id: "command_nack:bad_command",
  assign_usb: "device_error:camera_unsupported",
  unassign: "device_unassigned",
  unassign_same: "device_unassigned",
  unassign_other: "device_unassigned",
  record: "command_nack:no_device",
  record_nowhere: "command_nack:no_device",
  record_badly: "command_nack:bad_command",
  record_in_file: "command_nack:no_device",
  stop_recording: "command_nack:not_recording",
  start_session: "command_ack",
  start_session_nowhere: "command_nack:bad_command",
  stop_session: "command_ack",
  unknown: "command_nack:unknown_command",
  no_command: "command_nack:bad_command",
  quit: "quitting",
};

const STREAMING: Replies = {
  ...IDLE,
  assign_other: "command_nack:device_busy",
  assign_usb: "device_ready",
  unassign_other: "command_nack:no_device",
  record: "recording_started",
  record_nowhere: "command_nack:bad_command",
  record_in_file: "device_error:bad_session_dir",
};

const RECORDING: Replies = {
  ...STREAMING,
  unassign: "recording_stopped! device_unassigned",
  unassign_same: "recording_stopped! device_unassigned",
  record: "command_nack:already_recording",
  record_nowhere: "command_nack:already_recording",
  record_in_file: "command_nack:already_recording",
  stop_recording: "recording_stopped",
  stop_session: "recording_stopped",
  quit: "recording_stopped! quitting",
};

const RECONNECTING: Replies = {
  ...STREAMING,
  record: "command_nack:camera_reconnecting",
  record_nowhere: "command_nack:camera_reconnecting",
  record_in_file: "command_nack:camera_reconnecting",
};

const STATES: Record<string, { enter: (host: RuntimeHost) => Promise<void>; replies: Replies }> = {
  idle: { enter: async () => {}, replies: IDLE },
  streaming: { enter: async (host) => void (await host.assign()), replies: STREAMING },
  recording: {
    enter: async (host) => {
      await host.assign();
      await host.record();
      await host.source.deliverAll(3);
    },
    replies: RECORDING,
  },
  "failed to assign": {
    enter: async (host) => {
      await host.expect("device_error", "assign_device", { device_id: "picam:0", camera_type: "usb" });
    },
    replies: IDLE,
  },
  "failed camera": {
    enter: async (host) => {
      await host.assign();
      host.source.fail(new RuntimeError("camera_lost", "unplugged"));
      await host.waitFor("device_error", ({ status }) => status === "device_error");
    },
    replies: RECONNECTING,
  },
  "failed camera while recording": {
    enter: async (host) => {
      await host.assign();
      await host.record();
      host.source.fail(new RuntimeError("camera_lost", "unplugged"));
      await host.waitFor("device_error", ({ status }) => status === "device_error");
    },
    replies: RECONNECTING,
  },
  recorded: {
    enter: async (host) => {
      await host.assign();
      await host.record();
      await host.source.deliverAll(3);
      await host.expect("recording_stopped", "stop_recording");
    },
    replies: STREAMING,
  },
};

for (const [state, { enter, replies }] of Object.entries(STATES)) {
  describe(`in state ${state}`, () => {
    for (const [name, make] of Object.entries(COMMANDS)) {
      test(`${name} is answered once: ${replies[name]}`, async () => {
        await using host = new RuntimeHost();
        await enter(host);
        const before = host.statuses.length;
        await host.sendRaw({ ...make(host), command_id: "x_20260106_143052_001" });
        if (name !== "quit") await host.expect("command_ack", "start_session", { session_dir: host.sessionDir });
        const told = host.statuses.slice(before, name === "quit" ? undefined : -1);
        expect(told.map(shortly).join(" ")).toBe(replies[name] ?? "");
        expect(told.at(-1)?.inReplyTo).toBe("x_20260106_143052_001");
      });
    }
  });
}

/** A command behind an assignment waits for it and is answered as if it had come afterwards. */
describe("in state opening", () => {
  for (const [name, make] of Object.entries(COMMANDS)) {
    if (name === "quit") continue;
    test(`${name} is answered once, after the assignment: ${STREAMING[name]}`, async () => {
      await using host = new RuntimeHost({ newSource: () => new ManualSource() });
      const assigning = host.send("assign_device", { device_id: "picam:0" });
      const done = host.sendRaw({ ...make(host), command_id: "x_20260106_143052_001" });
      const last = host.send("start_session", { session_dir: host.sessionDir });
      await host.waitFor("ready", ({ status }) => status === "ready");
      await waitUntil("the camera that is opened", () => host.sources.length > 0, 5000);
      expect(host.story()).toEqual(["ready!"]);
      host.source.admit();
      host.source.deliver();
      await done;
      await host.replyTo(last);
      expect(host.statuses.slice(1).map(({ inReplyTo }) => inReplyTo)).toEqual([
        assigning,
        "x_20260106_143052_001",
        last,
      ]);
      expect(host.story(1)).toEqual(["device_ready", STREAMING[name] ?? "", "command_ack"]);
      expect(host.sources).toHaveLength(1);
    });
  }

  test("quit ends the assignment at once; both are answered, in order", async () => {
    await using host = new RuntimeHost({ newSource: () => new ManualSource() });
    const assigning = host.send("assign_device", { device_id: "picam:0" });
    const quitting = host.send("quit");
    await host.runtime.finished;
    expect(host.story(1)).toEqual(["device_error:shutting_down", "quitting"]);
    expect(host.statuses.slice(1).map(({ inReplyTo }) => inReplyTo)).toEqual([assigning, quitting]);
  });
});

describe("in state stopping", () => {
  for (const [name, make] of Object.entries(COMMANDS)) {
    test(`${name} is not answered any more`, async () => {
      await using host = new RuntimeHost();
      await host.assign();
      await host.record();
      const stopped = host.runtime.stop("SIGTERM");
      await Promise.all([stopped, host.sendRaw({ ...make(host), command_id: "late" })]);
      expect(host.story(3)).toEqual(["recording_stopped!"]);
      await host.sendRaw({ ...make(host), command_id: "later" });
      expect(host.story(3)).toEqual(["recording_stopped!"]);
    });

    test(`${name} is not answered after quitting`, async () => {
      await using host = new RuntimeHost();
      const quitting = host.send("quit");
      await host.sendRaw({ ...make(host), command_id: "late" });
      expect(host.story(1)).toEqual(["quitting"]);
      expect(host.statuses.at(-1)?.inReplyTo).toBe(quitting);
      expect(host.sources).toEqual([]);
    });
  }
});
