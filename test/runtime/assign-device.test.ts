import { describe, expect, test } from "bun:test";
import { RuntimeError } from "../../src/errors.ts";
import { ManualSource } from "../support/manual-source.ts";
import { payloadOf, RuntimeHost, type RuntimeHostOptions } from "../support/runtime-host.ts";
import { waitUntil } from "../log/wait-until.ts";

const manual = (options: RuntimeHostOptions = {}) =>
  new RuntimeHost({ newSource: () => new ManualSource(), ...options });

/** A command that is answered while an assignment waits would be answered out of turn: this lets everything else happen. */
async function turnsOfTheEventLoop(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe("assign_device", () => {
  test("opens no camera before it is asked for", async () => {
    await using host = manual();
    await turnsOfTheEventLoop();
    expect(host.story()).toEqual(["ready!"]);
    expect(host.sources).toEqual([]);
  });

  test("answers device_ready after the first frame, not before", async () => {
    await using host = manual();
    const id = host.send("assign_device", { device_id: "picam:0" });
    await waitUntil("opening", () => host.sources[0]?.state === "opening");
    await turnsOfTheEventLoop();
    expect(host.story()).toEqual(["ready!"]);
    host.source.admit();
    await turnsOfTheEventLoop();
    expect(host.story()).toEqual(["ready!"]);
    host.source.deliver();
    expect(payloadOf(await host.replyTo(id), "device_ready")).toEqual({ device_id: "picam:0" });
    expect(host.source.frames.held).toBe(0);
  });

  test("takes a frame that comes before the camera says it is open", async () => {
    await using host = manual();
    const id = host.send("assign_device", { device_id: "picam:0" });
    await waitUntil("opening", () => host.sources[0]?.state === "opening");
    host.source.deliver();
    await turnsOfTheEventLoop();
    expect(host.story()).toEqual(["ready!"]);
    host.source.admit();
    payloadOf(await host.replyTo(id), "device_ready");
    expect(host.source.frames.held).toBe(0);
  });

  test("a damaged frame is no first frame", async () => {
    await using host = manual();
    const id = host.send("assign_device", { device_id: "picam:0" });
    await waitUntil("opening", () => host.sources[0]?.state === "opening");
    host.source.admit();
    host.source.deliverBad("frame_error", 1);
    await turnsOfTheEventLoop();
    expect(host.story()).toEqual(["ready!"]);
    host.source.deliver();
    payloadOf(await host.replyTo(id), "device_ready");
  });

  for (const stage of ["never opens", "opens and delivers nothing"]) {
    test(`answers first_frame_timeout when the camera ${stage}, closes it, and the next attempt works`, async () => {
      await using host = manual({ args: ["--first-frame-timeout", "30ms"] });
      const id = host.send("assign_device", { device_id: "picam:0" });
      await waitUntil("opening", () => host.sources[0]?.state === "opening");
      if (stage !== "never opens") host.source.admit();
      const { device_id, code, error } = payloadOf(await host.replyTo(id), "device_error");
      expect({ device_id, code }).toEqual({ device_id: "picam:0", code: "first_frame_timeout" });
      expect(error).toContain("0.03 s");
      expect(host.source.state).toBe("closed");
      const next = host.send("assign_device", { device_id: "picam:0" });
      await waitUntil("second camera", () => host.sources[1]?.state === "opening");
      host.source.admit();
      host.source.deliver();
      payloadOf(await host.replyTo(next), "device_ready");
    });
  }

  test("the time limit ends with the first frame", async () => {
    await using host = new RuntimeHost({ args: ["--first-frame-timeout", "1s"] });
    await host.assign();
    const deadline = performance.now() + 1100;
    await waitUntil("the limit to pass", () => performance.now() > deadline);
    expect(host.story()).toEqual(["ready!", "device_ready"]);
    expect(host.source.state).toBe("open");
  });

  test("answers what the camera says when it cannot be opened", async () => {
    await using host = manual();
    const id = host.send("assign_device", { device_id: "picam:0" });
    await waitUntil("opening", () => host.sources[0]?.state === "opening");
    host.source.refuse(new RuntimeError("camera_busy", "held by another"));
    expect(payloadOf(await host.replyTo(id), "device_error")).toEqual({
      device_id: "picam:0",
      error: "held by another",
      code: "camera_busy",
    });
    expect(host.source.state).toBe("closed");
  });

  test("a camera that dies before its first frame is the assignment's failure, said once", async () => {
    await using host = manual();
    const id = host.send("assign_device", { device_id: "picam:0" });
    await waitUntil("opening", () => host.sources[0]?.state === "opening");
    host.source.admit();
    host.source.fail(new RuntimeError("camera_lost", "unplugged"));
    payloadOf(await host.replyTo(id), "device_error");
    await turnsOfTheEventLoop();
    expect(host.story(1)).toEqual(["device_error:camera_lost"]);
  });

  test("twice while opening: one camera, both answered in order", async () => {
    await using host = manual();
    const first = host.send("assign_device", { device_id: "picam:0" });
    const second = host.send("assign_device", { device_id: "picam:0" });
    await waitUntil("opening", () => host.sources[0]?.state === "opening");
    await turnsOfTheEventLoop();
    host.source.admit();
    host.source.deliver();
    await host.replyTo(second);
    expect(host.story(1)).toEqual(["device_ready", "device_ready"]);
    expect(host.statuses.slice(1).map(({ inReplyTo }) => inReplyTo)).toEqual([first, second]);
    expect(host.sources).toHaveLength(1);
  });

  test("the same device once more answers device_ready and leaves the camera alone, also while recording", async () => {
    await using host = new RuntimeHost();
    await host.assign();
    await host.assign();
    await host.record();
    await host.assign();
    expect(host.runtime.isRecording).toBe(true);
    expect(host.sources).toHaveLength(1);
  });

  test("another device is refused by name and leaves the assigned one alone", async () => {
    await using host = new RuntimeHost();
    await host.assign("picam:0");
    const { code, error } = await host.expect("command_nack", "assign_device", { device_id: "picam:1" });
    expect(code).toBe("device_busy");
    expect(error).toContain("picam:0");
    expect(error).toContain("picam:1");
    expect(host.source.state).toBe("open");
  });

  test("after unassign another device may be assigned", async () => {
    await using host = new RuntimeHost();
    await host.assign("picam:0");
    expect(await host.expect("device_unassigned", "unassign_device")).toEqual({
      device_id: "picam:0",
      port_released: true,
    });
    expect(host.source.state).toBe("closed");
    await host.assign("picam:1");
    expect(host.sources).toHaveLength(2);
  });

  test("every field but device_id may be null or missing, and fields that we don't know are ignored", async () => {
    await using host = new RuntimeHost();
    await host.expect("device_ready", "assign_device", {
      ...{ device_id: "picam:0", camera_type: null, camera_stable_id: null, camera_hw_model: null, camera_index: null },
      ...{ display_name: null, port: null, baudrate: 0, is_wireless: false, camera_audio_index: null, zz: { a: [1] } },
    });
  });

  const selections: [Record<string, unknown>, { cameraId: string | undefined; cameraIndex: number }][] = [
    [{ device_id: "picam:3" }, { cameraId: undefined, cameraIndex: 3 }],
    [
      { device_id: "picam:3", camera_index: 1 },
      { cameraId: undefined, cameraIndex: 1 },
    ],
    [{ device_id: "front" }, { cameraId: undefined, cameraIndex: 5 }],
    [
      { device_id: "front", camera_stable_id: "picam:2" },
      { cameraId: undefined, cameraIndex: 2 },
    ],
    [
      { device_id: "picam:3", camera_stable_id: "" },
      { cameraId: undefined, cameraIndex: 3 },
    ],
    [
      { device_id: "picam:3", camera_stable_id: "/base/soc/i2c0mux/imx296@1a", camera_index: 1 },
      { cameraId: "/base/soc/i2c0mux/imx296@1a", cameraIndex: 0 },
    ],
  ];
  for (const [fields, expected] of selections) {
    test(`${JSON.stringify(fields)} selects ${JSON.stringify(expected)}`, async () => {
      await using host = new RuntimeHost({ args: ["--camera-index", "5"] });
      await host.expect("device_ready", "assign_device", fields);
      expect(host.selections).toEqual([expected]);
    });
  }
});
