import { describe, expect, test } from "bun:test";
import { RuntimeError } from "../../src/errors.ts";
import type { Status } from "../../src/protocol/statuses.ts";
import { ManualSource } from "../support/manual-source.ts";
import { payloadOf, RuntimeHost } from "../support/runtime-host.ts";
import { waitUntil } from "../log/wait-until.ts";

const lost = () => new RuntimeError("camera_lost", "unplugged");
/** Records every frame that its hand-driven camera delivers. */
const every = { args: ["--record-fps", "60"] };
const isDeviceError = ({ status }: Status) => status === "device_error";

describe("a camera's fault", () => {
  test("while streaming is a device_error that nobody asked for; assigned once more it is opened at once", async () => {
    await using host = new RuntimeHost();
    await host.assign();
    host.source.fail(lost());
    const told = await host.waitFor("device_error", isDeviceError);
    expect(told.inReplyTo).toBeUndefined();
    expect(payloadOf(told, "device_error")).toEqual({ device_id: "picam:0", error: "unplugged", code: "camera_lost" });
    expect(host.sources[0]?.state).toBe("closed");
    await host.assign();
    expect(host.sources).toHaveLength(2);
    expect(host.story()).toEqual(["ready!", "device_ready", "device_error:camera_lost!", "device_ready"]);
  });

  test("while recording ends the recording first, with its reason", async () => {
    await using host = new RuntimeHost(every);
    await host.assign();
    const { video_path } = await host.record();
    await host.source.deliverAll(10);
    host.source.fail(lost());
    await host.waitFor("device_error", isDeviceError);
    expect(host.story(3)).toEqual(["recording_stopped!", "device_error:camera_lost!"]);
    const stopped = payloadOf(host.statuses[3] ?? { status: "ready", payload: {} }, "recording_stopped");
    expect(stopped).toMatchObject({ reason: "camera_lost", video_path, ledger: { captured: 10, recorded: 10 } });
    expect(host.runtime.isRecording).toBe(false);
    await host.expect("command_nack", "stop_recording");
    await host.assign();
    await host.record();
  });

  test("is said once, however often the camera says it", async () => {
    await using host = new RuntimeHost();
    await host.assign();
    for (let time = 0; time < 3; time++) host.source.fail(lost());
    await host.waitFor("device_error", isDeviceError);
    await host.expect("command_ack", "stop_session");
    expect(host.story(2)).toEqual(["device_error:camera_lost!", "command_ack"]);
  });

  test("that comes while it is being unassigned is not said", async () => {
    await using host = new RuntimeHost();
    await host.assign();
    const unassigning = host.send("unassign_device");
    host.source.fail(lost());
    await host.replyTo(unassigning);
    await host.expect("command_ack", "stop_session");
    expect(host.story(2)).toEqual(["device_unassigned", "command_ack"]);
  });

  test("of an earlier camera does not touch the one that is assigned now", async () => {
    await using host = new RuntimeHost();
    await host.assign();
    const [first] = host.sources;
    await host.expect("device_unassigned", "unassign_device");
    await host.assign();
    first?.fail(lost());
    await host.expect("command_ack", "stop_session");
    expect(host.story(4)).toEqual(["command_ack"]);
    expect(host.source.state).toBe("open");
  });

  test("right after the first frame is not lost", async () => {
    await using host = new RuntimeHost({ newSource: () => new ManualSource() });
    const id = host.send("assign_device", { device_id: "picam:0" });
    await waitUntil("opening", () => host.sources[0]?.state === "opening");
    host.source.admit();
    host.source.deliver();
    host.source.fail(lost());
    await host.replyTo(id);
    const told = await host.waitFor("device_error", isDeviceError);
    expect(payloadOf(told, "device_error").code).toBe("camera_lost");
  });

  test("is not lost, however soon after the first frame it comes", async () => {
    for (let steps = 0; steps < 24; steps++) {
      await using host = new RuntimeHost({ newSource: () => new ManualSource() });
      const id = host.send("assign_device", { device_id: "picam:0" });
      await waitUntil("opening", () => host.sources[0]?.state === "opening");
      host.source.admit();
      await new Promise((resolve) => setImmediate(resolve));
      host.source.deliver();
      for (let step = 0; step < steps; step++) await Promise.resolve();
      host.source.fail(lost());
      await host.replyTo(id);
      await host.expect("command_ack", "stop_session");
      expect({ steps, story: host.story().filter((status) => status.startsWith("device_error")) }).toEqual({
        steps,
        story: [expect.stringContaining("camera_lost")],
      });
    }
  }, 60_000);

  test("silence is a stall: the recording ends, then the camera is closed", async () => {
    await using host = new RuntimeHost(every);
    await host.assign();
    await host.record();
    await host.source.deliverAll(5);
    await host.waitFor("device_error", isDeviceError);
    expect(host.story(3)).toEqual(["recording_stopped!", "device_error:camera_stalled!"]);
    const [stopped] = host.statuses.slice(3);
    expect(stopped?.payload).toMatchObject({ reason: "camera_stalled", ledger: { captured: 5, recorded: 5 } });
    expect(host.source.state).toBe("closed");
    await host.assign();
  }, 20_000);

  test("a long exposure is no stall, also where only the camera's setting tells how long it is", async () => {
    const slow = () => new ManualSource({ isAutomatic: true, frameRate: 0.5, reportsDuration: false });
    await using host = new RuntimeHost({ newSource: slow });
    await host.assign();
    const readyMs = performance.now();
    // Any faster camera would have stalled by now.
    await waitUntil("the time", () => performance.now() - readyMs > 3500);
    await host.expect("command_ack", "stop_session");
    expect(host.story(2)).toEqual(["command_ack"]);
  }, 20_000);

  test("a camera that does not close makes unassign a device_error, and quit does not wait for it", async () => {
    await using host = new RuntimeHost();
    await host.assign();
    host.source.onClose = () => new Promise(() => undefined);
    host.send("unassign_device");
    const quitMs = performance.now();
    host.send("quit");
    await host.runtime.finished;
    expect(host.story(2)).toEqual(["device_error:camera_failed", "quitting"]);
    expect(performance.now() - quitMs).toBeLessThan(6000);
  }, 20_000);

  test("a camera that fails to close makes unassign a device_error and is given up", async () => {
    await using host = new RuntimeHost();
    await host.assign();
    host.source.onClose = () => Promise.reject(new RuntimeError("camera_failed", "close failed"));
    host.send("unassign_device");
    await host.assign();
    expect(host.story(2)).toEqual(["device_error:camera_failed", "device_ready"]);
    expect(host.sources).toHaveLength(2);
  });
});
