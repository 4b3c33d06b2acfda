import { describe, expect, test } from "bun:test";
import { RuntimeError } from "../../src/errors.ts";
import { waitUntil } from "../log/wait-until.ts";
import { ManualSource } from "../support/manual-source.ts";
import { RuntimeHost } from "../support/runtime-host.ts";

function stateOf({ runtime }: RuntimeHost): string {
  const { state, health, camera } = runtime.telemetry.snapshot();
  return [state, health.ok ? "ok" : health.reason, camera?.device_id ?? "no camera"].join("; ");
}

describe("a snapshot of the runtime", () => {
  test("tells each state that it goes through, and why it is not well", async () => {
    const sources: ManualSource[] = [];
    const newSource = (): ManualSource => {
      sources.push(new ManualSource());
      return sources.at(-1) ?? new ManualSource();
    };
    const reconnectPausesMs = { first: 1, longest: 1 };
    await using host = new RuntimeHost({ newSource, reconnectPausesMs });
    expect(stateOf(host)).toBe("idle; ok; no camera");

    const assigning = host.assign();
    await waitUntil("the camera to be opened", () => sources.length === 1);
    expect(stateOf(host)).toBe("opening; ok; no camera");
    sources[0]?.admit();
    await waitUntil("its first frame", () => {
      sources[0]?.deliver();
      return host.statuses.some(({ status }) => status === "device_ready");
    });
    await assigning;
    expect(stateOf(host)).toBe("streaming; ok; picam:0");

    await host.record();
    expect(stateOf(host)).toBe("recording; ok; picam:0");
    sources[0]?.deliver(3);
    sources[0]?.fail(new RuntimeError("camera_lost", "it was unplugged"));
    await host.waitFor("device_error", ({ status }) => status === "device_error");
    const fault = '"picam:0" failed and is being opened again: it was unplugged';
    expect(stateOf(host)).toBe(`reconnecting; ${fault}; no camera`);
    expect(host.runtime.telemetry.snapshot().recording?.ended?.reason).toBe("camera_lost");

    await waitUntil("it to be opened again", () => sources.length >= 2);
    const again = sources.at(-1);
    again?.admit();
    await waitUntil("its first frame", () => {
      again?.deliver();
      return stateOf(host) === "streaming; ok; picam:0";
    });
    await host.ask("unassign_device");
    expect(stateOf(host)).toBe("idle; ok; no camera");
    await host.runtime.stop("quit");
    expect(stateOf(host)).toBe("stopping; ok; no camera");
  });

  test("a recording is going on until its files are closed", async () => {
    await using host = new RuntimeHost();
    await host.assign();
    await host.record();
    const seen = new Set<string>();
    const stopping = host.ask("stop_recording");
    let done = false;
    void stopping.then(() => (done = true));
    while (!done) {
      seen.add(host.runtime.telemetry.snapshot().state);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect([...seen].filter((state) => state !== "recording" && state !== "streaming")).toEqual([]);
    expect(seen.has("recording")).toBe(true);
    expect(host.runtime.telemetry.snapshot().state).toBe("streaming");
  });

  test("measures no frame where nobody was to look on", async () => {
    const measured = async (args: readonly string[]): Promise<[number, number]> => {
      await using host = new RuntimeHost({ args });
      await host.assign();
      host.source.deliver(10);
      const { telemetry } = host.runtime;
      return [telemetry.frames.measures.frameCount, telemetry.snapshot().frame_intervals_ms.length];
    };
    expect(await measured([])).toEqual([0, 0]);
    expect(await measured(["--metrics-port", "9464"])).toEqual([11, 10]);
  });

  test("tells each reader the intervals since its own last one", async () => {
    await using host = new RuntimeHost({ args: ["--metrics-port", "9464"] });
    await host.assign();
    const { telemetry } = host.runtime;
    const read = (reader?: string): number => telemetry.snapshot(reader).frame_intervals_ms.length;
    host.source.deliver(4);
    expect([read(), read("other"), read()]).toEqual([4, 4, 0]);
    host.source.deliver(3);
    expect([read("other"), read("other"), read()]).toEqual([3, 0, 3]);
  });
});
