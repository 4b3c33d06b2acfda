import { describe, expect, spyOn, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { RuntimeError } from "../../src/errors.ts";
import { FrameLedger } from "../../src/pipeline/frame-ledger.ts";
import type { Status } from "../../src/protocol/statuses.ts";
import type { OpenVideoEncoder } from "../../src/recording/encoders/open-video-encoder.ts";
import { verifyRecording } from "../../src/verify/verify-recording.ts";
import { waitUntil } from "../log/wait-until.ts";
import { FakeEncoders } from "../support/fake-encoder.ts";
import { ManualSource } from "../support/manual-source.ts";
import { readMetadata } from "../support/read-metadata.ts";
import { pathsOf } from "../support/record.ts";
import { payloadOf, RuntimeHost } from "../support/runtime-host.ts";
import { readTimingFile } from "../support/timing-file.ts";

const every = { args: ["--record-fps", "60"] };
const isStopped = ({ status }: Status) => status === "recording_stopped";

describe("a recording", () => {
  test("is made of the frames between start and stop; the file is complete before the reply", async () => {
    await using host = new RuntimeHost(every);
    await host.assign();
    await host.source.deliverAll(7);
    const started = await host.record({ trial_number: 4, trial_label: "tone, left" });
    expect(started).toEqual({
      video_path: join(host.sessionDir, "CSICameras/made-up_picam_0/20260106_081726_CSI_trial004_made-up_picam_0.mp4"),
      camera_id: "picam:0",
      trial_number: 4,
      encoder: expect.stringContaining("x264"),
      zero_copy: false,
      encoder_reason: "asked for",
    });
    await host.source.deliverAll(30);
    const stopped = await host.expect("recording_stopped", "stop_recording");
    const { samples, rows, problems } = await verifyRecording(started.video_path);
    expect({ samples, rows, problems }).toEqual({ samples: 30, rows: 30, problems: [] });
    expect(stopped).toEqual({
      camera_id: "picam:0",
      video_path: started.video_path,
      ledger: {
        captured: 30,
        recorded: 30,
        skipped_by_rate_gate: 0,
        dropped: {},
        sensor_gaps: { gaps: 0, missing_frames: 0 },
      },
    });
    await host.source.deliverAll(5);
    expect(host.source.frames.held).toBe(0);
  });

  test("without a frame leaves no file and has no path", async () => {
    await using host = new RuntimeHost();
    await host.assign();
    const { video_path } = await host.record();
    expect(await host.expect("recording_stopped", "stop_recording")).toMatchObject({
      video_path: null,
      ledger: { captured: 0, recorded: 0 },
    });
    expect(existsSync(video_path)).toBe(false);
  });

  test("ends once, whatever asks for it", async () => {
    await using host = new RuntimeHost();
    await host.assign();
    await host.record();
    for (const command of ["stop_recording", "stop_session", "stop_recording", "unassign_device", "quit"]) {
      host.send(command);
    }
    await host.runtime.finished;
    expect(host.story(3)).toEqual([
      "recording_stopped",
      "command_ack",
      "command_nack:not_recording",
      "device_unassigned",
      "quitting",
    ]);
  });

  test("ends before the device is unassigned, said without an id and with the reason", async () => {
    await using host = new RuntimeHost();
    await host.assign();
    await host.record();
    const id = host.send("unassign_device");
    await host.replyTo(id);
    expect(host.story(3)).toEqual(["recording_stopped!", "device_unassigned"]);
    expect(host.statuses[3]?.payload).toMatchObject({ reason: "unassign" });
  });

  test("may follow one after the other on the same camera", async () => {
    await using host = new RuntimeHost(every);
    await host.assign();
    for (let trial = 1; trial <= 3; trial++) {
      const { video_path } = await host.record();
      await host.source.deliverAll(10);
      await host.expect("recording_stopped", "stop_recording");
      expect((await verifyRecording(video_path)).problems).toEqual([]);
    }
    expect(host.sources).toHaveLength(1);
  });
});

describe("trial numbers", () => {
  const numberOf = async (host: RuntimeHost, fields: Record<string, unknown> = {}): Promise<number> => {
    const { trial_number } = await host.record(fields);
    await host.expect("recording_stopped", "stop_recording");
    return trial_number;
  };

  test("start with 1 and go on from the last one, asked for or not", async () => {
    await using host = new RuntimeHost();
    await host.assign();
    expect(await numberOf(host)).toBe(1);
    expect(await numberOf(host, { trial_number: null })).toBe(2);
    expect(await numberOf(host, { trial_number: 41 })).toBe(41);
    expect(await numberOf(host)).toBe(42);
    expect(await numberOf(host, { trial_number: 5 })).toBe(5);
    expect(await numberOf(host)).toBe(6);
  });

  test("of 0 and below are 1", async () => {
    await using host = new RuntimeHost();
    await host.assign();
    for (const trial_number of [0, -1, -1_000_000]) expect(await numberOf(host, { trial_number })).toBe(1);
  });

  test("go on after the camera was unassigned", async () => {
    await using host = new RuntimeHost();
    await host.assign();
    expect(await numberOf(host)).toBe(1);
    await host.expect("device_unassigned", "unassign_device");
    await host.assign();
    expect(await numberOf(host)).toBe(2);
  });

  test("do not count a recording that could not start", async () => {
    await using host = new RuntimeHost();
    await host.assign();
    await host.expect("device_error", "start_recording", { session_dir: "/proc/version", trial_number: 7 });
    expect(await numberOf(host)).toBe(1);
  });

  test("go on in a new session", async () => {
    await using host = new RuntimeHost();
    await host.assign();
    expect(await numberOf(host, { trial_number: 7 })).toBe(7);
    await host.expect("command_ack", "start_session", { session_dir: join(host.sessionDir, "../session_other") });
    expect(await numberOf(host)).toBe(8);
  });
});

describe("the session directory", () => {
  test("of start_session is used where start_recording names none", async () => {
    await using host = new RuntimeHost();
    await host.assign();
    await host.expect("command_ack", "start_session", { session_dir: host.directory.file("session_b") });
    const { video_path } = await host.expect("recording_started", "start_recording");
    expect(video_path).toStartWith(host.directory.file("session_b/CSICameras/"));
  });

  test("of start_recording comes first, for that recording only", async () => {
    await using host = new RuntimeHost();
    await host.assign();
    await host.expect("command_ack", "start_session", { session_dir: host.directory.file("session_b") });
    expect((await host.record()).video_path).toStartWith(`${host.sessionDir}/`);
    await host.expect("recording_stopped", "stop_recording");
    const { video_path } = await host.expect("recording_started", "start_recording");
    expect(video_path).toStartWith(host.directory.file("session_b/CSICameras/"));
  });

  test("named like the module is climbed out of", async () => {
    await using host = new RuntimeHost();
    await host.assign();
    const { video_path } = await host.record({ session_dir: join(host.sessionDir, "CSICameras") });
    expect(video_path).toStartWith(join(host.sessionDir, "CSICameras/made-up"));
  });

  test("may be relative; the path in the reply is absolute", async () => {
    await using host = new RuntimeHost();
    await host.assign();
    const relative = join("../../../../../../../../..", host.sessionDir);
    expect((await host.record({ session_dir: relative })).video_path).toStartWith(`${host.sessionDir}/`);
  });
});

describe("what a recording survives", () => {
  const isWarning = ({ status }: Status) => status === "warning";

  test("a restart of its encoder is a warning that nobody asked for, and it goes on", async () => {
    const encoders = new FakeEncoders((count) => (count === 3 ? "encoder_stall" : "chunk"));
    await using host = new RuntimeHost({
      args: ["--record-fps", "60", "--codec", "mjpeg"],
      openEncoder: encoders.open,
    });
    await host.assign();
    await host.record();
    await host.source.deliverAll(5);
    encoders.last.warn("encoder_restarted", "it gave nothing for 1 s");
    await host.source.deliverAll(5);
    expect(payloadOf(await host.waitFor("a warning", isWarning), "warning")).toEqual({
      message: "it gave nothing for 1 s",
      code: "encoder_restarted",
    });
    const { ledger } = await host.expect("recording_stopped", "stop_recording");
    expect(ledger).toMatchObject({ captured: 10, recorded: 9, dropped: { encoder_stall: 1 } });
    expect(host.story(3)).toEqual(["warning:encoder_restarted!", "recording_stopped"]);
  });

  test("a software encoder in place of the hardware's is a warning before recording_started", async () => {
    const encoders = new FakeEncoders();
    await using host = new RuntimeHost({
      args: ["--codec", "mjpeg"],
      openEncoder: async (options, events) => {
        events.onWarning("encoder_fallback", `no room for ${"a long reason, ".repeat(10_000)}`);
        return await encoders.open(options, events);
      },
    });
    await host.assign();
    await host.record();
    expect(host.story(2)).toEqual(["warning:encoder_fallback!", "recording_started"]);
  });
});

describe("while the encoder opens", () => {
  const opensLate = (encoders: FakeEncoders) => {
    const opening = Promise.withResolvers<void>();
    const opened = Promise.withResolvers<void>();
    const openEncoder: OpenVideoEncoder = async (...given) => {
      opening.resolve();
      await opened.promise;
      return await encoders.open(...given);
    };
    return { opening: opening.promise, open: opened.resolve, fail: opened.reject, openEncoder };
  };
  const ARGS = ["--record-fps", "60", "--codec", "mjpeg"];

  test("frames are kept for it: the next one is the recording's first, also where they come fast", async () => {
    const late = opensLate(new FakeEncoders());
    await using host = new RuntimeHost({ args: ARGS, openEncoder: late.openEncoder });
    await host.assign();
    const started = host.send("start_recording", { session_dir: host.sessionDir });
    await late.opening;
    const next = host.source.frames.lastNumber + 1;
    host.source.deliver(4);
    host.source.deliverBad("frame_error", 2);
    host.source.deliver(1, { step: 3 });
    expect(host.source.frames.held).toBe(5);
    late.open();
    const { video_path } = payloadOf(await host.replyTo(started), "recording_started");
    await host.source.deliverAll(5);
    const { ledger } = await host.expect("recording_stopped", "stop_recording");
    expect(ledger).toMatchObject({ captured: 12, recorded: 10, dropped: { frame_error: 2 }, sensor_gaps: { gaps: 0 } });
    const { rows } = readTimingFile(pathsOf(video_path).timing);
    expect(rows[0]?.sensorTimestampNs).toBe(host.source.frames.sensorTimestampNs(next));
    expect(host.source.frames.held).toBe(0);
  });

  test("no more of them are kept than the camera can spare, and none where it does not open", async () => {
    const late = opensLate(new FakeEncoders());
    const newSource = () => new ManualSource({ isAutomatic: true, bufferCount: 8 });
    await using host = new RuntimeHost({ args: ARGS, openEncoder: late.openEncoder, newSource });
    await host.assign();
    const started = host.send("start_recording", { session_dir: host.sessionDir });
    await late.opening;
    host.source.deliver(20);
    // Of 8 buffers half, though 100 ms at 60 frames/s are 6.
    expect(host.source.frames.held).toBe(4);
    late.fail(new RuntimeError("encoder_unavailable", "no encoder"));
    expect(await host.replyTo(started)).toMatchObject({ status: "device_error" });
    expect(host.source.frames.held).toBe(0);
    host.source.deliver(1);
    expect(host.source.frames.held).toBe(0);
  });
});

describe("a recording says of itself", () => {
  const options = (encoders = new FakeEncoders()) => ({
    args: ["--record-fps", "60", "--codec", "mjpeg"],
    openEncoder: encoders.open,
  });

  /** Records some frames and ends that; tells what the recording says of its beginning and its end. */
  async function endedBy(host: RuntimeHost, end: () => Promise<unknown>) {
    await host.assign();
    const start = host.send("start_recording", { session_dir: host.sessionDir });
    const { video_path } = payloadOf(await host.replyTo(start), "recording_started");
    await host.source.deliverAll(5);
    await end();
    await host.waitFor("the end", isStopped);
    const { beside, isSame } = readMetadata(pathsOf(video_path));
    expect(isSame).toBe(true);
    expect(beside.start_command_id).toBe(start);
    return { reason: beside.end?.reason, command_id: beside.end?.command_id };
  }

  test.each([
    ["stop_recording", "stop_recording"],
    ["stop_session", "stop_session"],
    ["unassign_device", "unassign"],
    ["quit", "quit"],
  ])("that %s ended it, and the id of that command", async (command, reason) => {
    await using host = new RuntimeHost(options());
    let id: string | undefined;
    expect(await endedBy(host, async () => void (id = host.send(command)))).toEqual({ reason, command_id: id ?? "" });
  });

  test("the ids that commands were given which came without one", async () => {
    await using host = new RuntimeHost(options());
    await host.assign();
    await host.sendRaw({ command: "start_recording", session_dir: host.sessionDir });
    const [started] = host.statuses.slice(-1);
    await host.source.deliverAll(5);
    await host.sendRaw({ command: "stop_recording" });
    const stopped = host.statuses.at(-1);
    if (started === undefined || stopped === undefined) throw new Error("no reply came");
    const { beside } = readMetadata(pathsOf(payloadOf(started, "recording_started").video_path));
    expect([beside.start_command_id, beside.end?.command_id]).toEqual([
      started.inReplyTo ?? "",
      stopped.inReplyTo ?? "",
    ]);
  });

  test("that no command ended it where its encoder, its camera or the module did", async () => {
    const encoders = new FakeEncoders();
    await using failing = new RuntimeHost(options(encoders));
    const broken = async () => encoders.last.fail(new RuntimeError("encoder_failed", "it broke"));
    expect(await endedBy(failing, broken)).toEqual({ reason: "encoder_failed", command_id: null });
    await using unplugged = new RuntimeHost(options());
    const lost = async () => unplugged.source.fail(new RuntimeError("camera_lost", "it was unplugged"));
    expect(await endedBy(unplugged, lost)).toEqual({ reason: "camera_lost", command_id: null });
    await using stopping = new RuntimeHost(options());
    const stop = () => stopping.runtime.stop("SIGTERM");
    expect(await endedBy(stopping, stop)).toEqual({ reason: "SIGTERM", command_id: null });
  });
});

describe("what is not as it should be after a recording is a warning before its end is told:", () => {
  const args = ["--record-fps", "60", "--codec", "mjpeg"];

  test("books that don't balance", async () => {
    const thirds = ["--record-fps", "20", "--codec", "mjpeg"];
    await using host = new RuntimeHost({ args: thirds, openEncoder: new FakeEncoders().open });
    await host.assign();
    // The smallest of bugs: what the rate gate leaves out is not counted.
    const spy = spyOn(FrameLedger.prototype, "countSkipped").mockImplementation(() => undefined);
    try {
      await host.record();
      await host.source.deliverAll(9);
      const { ledger } = await host.expect("recording_stopped", "stop_recording");
      expect(ledger).toMatchObject({ captured: 9, recorded: 3, skipped_by_rate_gate: 0, dropped: {} });
    } finally {
      spy.mockRestore();
    }
    expect(host.story(3)).toEqual(["warning:ledger_imbalance!", "recording_stopped"]);
    expect(payloadOf(host.statuses[3] ?? raise(), "warning").message).toContain(
      'does not balance: {"captured":9,"recorded":3,',
    );
  });

  test("a list of drops with holes", async () => {
    const encoders = new FakeEncoders((number) => (number === 2 ? "encoder_skip" : "chunk"));
    await using host = new RuntimeHost({ args, openEncoder: encoders.open });
    await host.assign();
    const { video_path } = await host.record();
    mkdirSync(pathsOf(video_path).drops);
    await host.source.deliverAll(5);
    await host.expect("recording_stopped", "stop_recording");
    expect(host.story(3)).toEqual(["warning:drops_unwritten!", "recording_stopped"]);
  });

  test("a file of metadata that somebody removed; the recording is as it would have been", async () => {
    await using host = new RuntimeHost({ args, openEncoder: new FakeEncoders().open });
    await host.assign();
    const { video_path } = await host.record();
    const { metadata } = pathsOf(video_path);
    await host.source.deliverAll(5);
    await waitUntil("the metadata", () => existsSync(metadata));
    rmSync(metadata);
    const stopped = await host.expect("recording_stopped", "stop_recording");
    expect(stopped).toMatchObject({ video_path, ledger: { captured: 5, recorded: 5 } });
    expect(stopped).not.toHaveProperty("reason");
    expect(host.story(3)).toEqual(["warning:metadata_unwritten!", "recording_stopped"]);
    const { message } = payloadOf(host.statuses[3] ?? raise(), "warning");
    expect(message).toEndWith(`: ${metadata} was removed or moved while it was written`);
  });

  function raise(): never {
    throw new Error("no warning came");
  }
});

describe("a recording that fails", () => {
  test("to start is a device_error; the camera goes on and the next one works", async () => {
    await using host = new RuntimeHost();
    await host.assign();
    const failed = await host.expect("device_error", "start_recording", { session_dir: "/proc/version" });
    expect(failed).toMatchObject({ device_id: "picam:0", code: "bad_session_dir" });
    await host.record();
  });

  test("for want of an encoder leaves no file", async () => {
    await using host = new RuntimeHost({
      openEncoder: async () => Promise.reject(new RuntimeError("encoder_unavailable", "no encoder")),
    });
    await host.assign();
    const failed = await host.expect("device_error", "start_recording", { session_dir: host.sessionDir });
    expect(failed.code).toBe("encoder_unavailable");
    expect(readdirSync(join(host.sessionDir, "CSICameras/made-up_picam_0"))).toEqual([]);
    expect(host.runtime.isRecording).toBe(false);
  });

  test("in the middle ends by itself: recording_stopped with the reason, then device_error", async () => {
    const encoders = new FakeEncoders();
    await using host = new RuntimeHost({
      args: ["--record-fps", "60", "--codec", "mjpeg"],
      openEncoder: encoders.open,
    });
    await host.assign();
    await host.record();
    await host.source.deliverAll(10);
    encoders.last.fail(new RuntimeError("encoder_failed", "it broke"));
    await host.waitFor("device_error", ({ status }) => status === "device_error");
    expect(host.story(3)).toEqual(["recording_stopped!", "device_error:encoder_failed!"]);
    expect(host.statuses[3]?.payload).toMatchObject({ reason: "encoder_failed", ledger: { recorded: 10 } });
    expect(host.source.state).toBe("open");
    await host.record();
  });

  test("as soon as it has begun ends by itself as well", async () => {
    const encoders = new FakeEncoders();
    await using host = new RuntimeHost({
      args: ["--codec", "mjpeg"],
      openEncoder: async (options, events) => {
        const opened = await encoders.open(options, events);
        if (encoders.opened.length === 1) encoders.last.fail(new RuntimeError("encoder_failed", "it broke"));
        return opened;
      },
    });
    await host.assign();
    const id = host.send("start_recording", { session_dir: host.sessionDir });
    await host.replyTo(id);
    await host.expect("command_nack", "stop_recording");
    const [reply, ...unasked] = host.story(2).slice(0, -1);
    if (reply === "device_error:encoder_failed") expect(unasked).toEqual([]);
    else {
      expect([reply, ...unasked]).toEqual(["recording_started", "recording_stopped!", "device_error:encoder_failed!"]);
    }
    await host.record();
  });

  test("on the way to its end is the stop's device_error, after recording_stopped without an id", async () => {
    const encoders = new FakeEncoders();
    await using host = new RuntimeHost({
      args: ["--record-fps", "60", "--codec", "mjpeg"],
      openEncoder: encoders.open,
    });
    await host.assign();
    await host.record();
    await host.source.deliverAll(10);
    encoders.last.onDrain = () => Promise.reject(new RuntimeError("encoder_failed", "it broke"));
    const id = host.send("stop_recording");
    expect(payloadOf(await host.replyTo(id), "device_error").code).toBe("encoder_failed");
    expect(host.story(3)).toEqual(["recording_stopped!", "device_error:encoder_failed"]);
    expect(host.statuses[3]?.payload).toMatchObject({ reason: "encoder_failed", ledger: { recorded: 10 } });
    await host.expect("command_nack", "stop_recording");
    expect(host.statuses.filter(isStopped)).toHaveLength(1);
  });

  test("with the longest of session directories is still told in a line below 64 KiB", async () => {
    await using host = new RuntimeHost();
    await host.assign();
    for (const character of ["x", "\u0001", "\ud800", "漢", '"', "\\"]) {
      // RuntimeHost holds every line against the contract, its length too.
      await host.expect("device_error", "start_recording", { session_dir: `/${character.repeat(4095)}` });
    }
  });
});
