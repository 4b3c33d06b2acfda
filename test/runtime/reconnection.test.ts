import { describe, expect, test } from "bun:test";
import { RuntimeError } from "../../src/errors.ts";
import { verifyRecording } from "../../src/verify/verify-recording.ts";
import { waitUntil } from "../log/wait-until.ts";
import { ManualSource } from "../support/manual-source.ts";
import { payloadOf, RuntimeHost, type RuntimeHostOptions } from "../support/runtime-host.ts";

const lost = () => new RuntimeError("camera_lost", "unplugged");
const notFound = () => new RuntimeError("camera_not_found", "there is no such camera");
/** Soon enough for a test. */
const SOON = { first: 1, longest: 8 };
/** Never, in a test. */
const LATER = { first: 600_000, longest: 600_000 };

/** A host whose camera was assigned and has failed; the cameras after it do what the test lets them. */
async function afterLoss(options: RuntimeHostOptions = {}): Promise<RuntimeHost> {
  const first = new ManualSource({ isAutomatic: true });
  let isFirst = true;
  const newSource = (): ManualSource => {
    if (!isFirst) return new ManualSource();
    isFirst = false;
    return first;
  };
  const host = new RuntimeHost({ newSource, reconnectPausesMs: SOON, ...options });
  await host.assign();
  first.fail(lost());
  await host.waitFor("device_error", ({ status }) => status === "device_error");
  expect(host.story(2)).toEqual(["device_error:camera_lost!"]);
  return host;
}

/** The camera that is opened as the n-th, from 1. */
async function opening(host: RuntimeHost, n: number): Promise<ManualSource> {
  await waitUntil(`camera ${n} opening`, () => host.sources[n - 1]?.state === "opening");
  const source = host.sources[n - 1];
  if (source === undefined) throw new Error(`there is no camera ${n}`);
  return source;
}

/** A command whose reply says that all before it was handled. */
const settled = (host: RuntimeHost) => host.expect("command_ack", "start_session", { session_dir: host.sessionDir });

describe("a camera that failed", () => {
  test("is opened again; device_ready, which nobody asked for, says that it delivers frames, and it can be recorded", async () => {
    await using host = await afterLoss({ args: ["--record-fps", "60"] });
    const again = await opening(host, 2);
    again.admit();
    await settled(host);
    expect(host.story(3)).toEqual(["command_ack"]);
    again.deliver();
    await waitUntil("device_ready", () => host.statuses.length > 4);
    expect(host.statuses.at(-1)).toEqual({ status: "device_ready", payload: { device_id: "picam:0" } });
    const { video_path } = await host.record();
    await again.deliverAll(10);
    await host.expect("recording_stopped", "stop_recording");
    expect(await verifyRecording(video_path)).toMatchObject({ samples: 10, problems: [] });
    expect(again.frames.held).toBe(0);
  });

  test("is tried again and again, without a word to the host, however it fails to open", async () => {
    await using host = await afterLoss({ args: ["--first-frame-timeout", "20ms"] });
    (await opening(host, 2)).refuse(notFound());
    (await opening(host, 3)).refuse(new RuntimeError("camera_busy", "held by another process"));
    (await opening(host, 4)).admit(); // and gives no frame
    const silent = await opening(host, 5);
    expect(host.sources.slice(0, 4).map(({ state }) => state)).toEqual(["closed", "closed", "closed", "closed"]);
    silent.admit();
    silent.fail(lost());
    const last = await opening(host, 6);
    last.admit();
    last.deliver();
    await waitUntil("device_ready", () => host.statuses.length > 3);
    expect(host.story(3)).toEqual(["device_ready!"]);
    expect(host.sources).toHaveLength(6);
  });

  test("is opened by the id that it told, not by its place in a list that it is missing from", async () => {
    await using host = await afterLoss();
    await opening(host, 2);
    expect(host.selections).toEqual([
      { cameraId: undefined, cameraIndex: 0 },
      { cameraId: "made-up", cameraIndex: 0 },
    ]);
  });

  test("is not opened before the one that failed is closed", async () => {
    const closed = Promise.withResolvers<void>();
    await using host = new RuntimeHost({ reconnectPausesMs: SOON });
    await host.assign();
    host.source.onClose = () => closed.promise;
    host.source.fail(lost());
    await host.waitFor("device_error", ({ status }) => status === "device_error");
    for (let turn = 0; turn < 10; turn++) await settled(host);
    expect(host.sources).toHaveLength(1);
    closed.resolve();
    await waitUntil("the next camera", () => host.sources.length === 2);
  });

  test("may fail again and again: each time is told and each return as well", async () => {
    await using host = new RuntimeHost({ reconnectPausesMs: SOON });
    await host.assign();
    for (let time = 0; time < 3; time++) {
      const { length } = host.statuses;
      host.source.fail(lost());
      await waitUntil("its return", () => host.statuses.length === length + 2);
    }
    const once = ["device_error:camera_lost!", "device_ready!"];
    expect(host.story(2)).toEqual([...once, ...once, ...once]);
    expect(host.sources).toHaveLength(4);
  });

  test("and fails right after its return is told to be ready only when it is", async () => {
    for (let steps = 0; steps < 24; steps++) {
      await using host = await afterLoss();
      const again = await opening(host, 2);
      again.admit();
      await new Promise((resolve) => setImmediate(resolve));
      again.deliver();
      for (let step = 0; step < steps; step++) await Promise.resolve();
      again.fail(lost());
      const last = await opening(host, 3);
      await settled(host);
      // Either it was never said to be ready, or its failure was said as well.
      const said = host
        .story(3)
        .filter((status) => status !== "command_ack")
        .join(" ");
      expect(["", "device_ready! device_error:camera_lost!"]).toContain(said);
      last.admit();
      last.deliver();
      await waitUntil("device_ready", () => host.story().at(-1) === "device_ready!");
    }
  }, 60_000);
});

test("a failed camera that does not close holds up stop() for no more than its second", async () => {
  await using host = new RuntimeHost({ reconnectPausesMs: SOON });
  await host.assign();
  host.source.onClose = () => new Promise(() => undefined);
  host.source.fail(lost());
  await host.waitFor("device_error", ({ status }) => status === "device_error");
  const startMs = performance.now();
  await host.runtime.stop("SIGTERM");
  expect(performance.now() - startMs).toBeLessThan(2000);
  expect(host.sources).toHaveLength(1);
}, 20_000);

describe("between the attempts", () => {
  test("start_recording is refused with a code of its own, another device is told which one is assigned", async () => {
    await using host = await afterLoss({ reconnectPausesMs: LATER });
    const { code, error } = await host.expect("command_nack", "start_recording", { session_dir: host.sessionDir });
    expect(code).toBe("camera_reconnecting");
    expect(error).toContain("picam:0");
    expect((await host.expect("command_nack", "assign_device", { device_id: "picam:1" })).code).toBe("device_busy");
    expect(host.sources).toHaveLength(1);
  });

  test("assign_device of the same device tries at once and is answered with what came of it", async () => {
    await using host = await afterLoss({ reconnectPausesMs: LATER });
    const first = host.send("assign_device", { device_id: "picam:0" });
    (await opening(host, 2)).refuse(notFound());
    expect(payloadOf(await host.replyTo(first), "device_error").code).toBe("camera_not_found");
    expect((await host.expect("command_nack", "start_recording")).code).toBe("camera_reconnecting");
    const second = host.send("assign_device", { device_id: "picam:0" });
    const again = await opening(host, 3);
    again.admit();
    again.deliver();
    payloadOf(await host.replyTo(second), "device_ready");
    await settled(host);
    // The reply is the announcement.
    expect(host.story(3)).toEqual([
      "device_error:camera_not_found",
      "command_nack:camera_reconnecting",
      "device_ready",
      "command_ack",
    ]);
    await host.record();
  });

  test("unassign_device ends it: nothing is opened any more, and another device can be assigned", async () => {
    await using host = await afterLoss({ reconnectPausesMs: LATER });
    await host.expect("device_unassigned", "unassign_device", { device_id: "picam:0" });
    const other = host.send("assign_device", { device_id: "picam:1" });
    const source = await opening(host, 2);
    source.admit();
    source.deliver();
    payloadOf(await host.replyTo(other), "device_ready");
    expect(host.story(3)).toEqual(["device_unassigned", "device_ready"]);
  });

  test("quit and stop() end at once, and a waiting assign_device is answered", async () => {
    for (const end of ["quit", "stop"] as const) {
      await using host = await afterLoss({ reconnectPausesMs: LATER });
      const waiting = host.send("assign_device", { device_id: "picam:0" });
      await opening(host, 2);
      if (end === "quit") host.send("quit");
      else void host.runtime.stop("SIGTERM");
      await host.runtime.finished;
      expect(host.repliesTo(waiting)).toMatchObject([{ status: "device_error", payload: { code: "shutting_down" } }]);
      expect(host.story(4)).toEqual(end === "quit" ? ["quitting"] : []);
      expect(host.source.state).toBe("closed");
    }
  });
});

describe("while it is being opened again", () => {
  for (const stage of ["opens", "waits for its first frame"]) {
    test(`and ${stage}, unassign_device ends it at once and it is closed`, async () => {
      await using host = await afterLoss();
      const again = await opening(host, 2);
      if (stage !== "opens") again.admit();
      await host.expect("device_unassigned", "unassign_device");
      expect(again.state).toBe("closed");
      again.deliver();
      await settled(host);
      expect(host.story(3)).toEqual(["device_unassigned", "command_ack"]);
      expect(host.sources).toHaveLength(2);
    });

    test(`and ${stage}, stop() ends it at once`, async () => {
      await using host = await afterLoss();
      const again = await opening(host, 2);
      if (stage !== "opens") again.admit();
      await host.runtime.stop("stdin_end");
      expect(host.story(3)).toEqual([]);
      expect(again.state).toBe("closed");
    });
  }

  test("and unassigned in the moment in which it is back, it is closed and not told to be ready", async () => {
    for (let steps = 0; steps < 24; steps++) {
      await using host = await afterLoss();
      const again = await opening(host, 2);
      again.admit();
      await new Promise((resolve) => setImmediate(resolve));
      again.deliver();
      for (let step = 0; step < steps; step++) await Promise.resolve();
      await host.expect("device_unassigned", "unassign_device");
      await settled(host);
      expect(again.state).toBe("closed");
      expect(again.frames.held).toBe(0);
      expect(host.story(3).filter((status) => status !== "device_ready!")).toEqual([
        "device_unassigned",
        "command_ack",
      ]);
    }
  }, 60_000);

  test("and does not close, unassign_device says so", async () => {
    await using host = await afterLoss();
    const again = await opening(host, 2);
    again.onClose = () => Promise.reject(new RuntimeError("camera_failed", "close failed"));
    expect((await host.expect("device_error", "unassign_device")).code).toBe("camera_failed");
  });
});
