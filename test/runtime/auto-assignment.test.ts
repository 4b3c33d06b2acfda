import { expect, test } from "bun:test";
import { RuntimeError } from "../../src/errors.ts";
import { waitUntil } from "../log/wait-until.ts";
import { ManualSource } from "../support/manual-source.ts";
import { RuntimeHost } from "../support/runtime-host.ts";

const ARGS = ["--enable-commands", "--camera-index", "2"];
const SOON = { first: 1, longest: 1 };

/** A camera that can't be opened because of this. */
function refusing(error: RuntimeError): ManualSource {
  const source = new ManualSource();
  setImmediate(() => source.refuse(error));
  return source;
}

test("the camera of the command line is opened unasked, after ready", async () => {
  await using host = new RuntimeHost({ args: ARGS });
  const ready = await host.waitFor("the camera", ({ status }) => status === "device_ready");
  expect(ready).toEqual({ status: "device_ready", payload: { device_id: "picam:2" } });
  expect(host.story()).toEqual(["ready!", "device_ready!"]);
  expect(host.selections).toEqual([{ cameraId: undefined, cameraIndex: 2 }]);
});

test.each([[["--camera-index", "2"]], [["--enable-commands"]]])("%p alone opens no camera", async (args) => {
  await using host = new RuntimeHost({ args });
  expect(await host.expect("status_report", "get_status")).toMatchObject({ state: "idle" });
  expect(host.sources).toEqual([]);
});

test("it is tried until it is there; each failure is told once", async () => {
  const errors = ["camera_busy", "camera_busy", "camera_busy", "camera_not_found", "camera_not_found"] as const;
  const left = [...errors];
  await using host = new RuntimeHost({
    args: ARGS,
    reconnectPausesMs: SOON,
    newSource: () => {
      const code = left.shift();
      return code === undefined ? new ManualSource({ isAutomatic: true }) : refusing(new RuntimeError(code, "no"));
    },
  });
  await host.waitFor("the camera", ({ status }) => status === "device_ready");
  expect(host.story(1)).toEqual(["device_error:camera_busy!", "device_error:camera_not_found!", "device_ready!"]);
  expect(host.sources).toHaveLength(errors.length + 1);
  expect(await host.record()).toMatchObject({ camera_id: "picam:2" });
});

test.each(["unassign_all_devices", "unassign_device", "quit"])("%s ends it", async (command) => {
  let made = 0;
  await using host = new RuntimeHost({
    args: ARGS,
    reconnectPausesMs: SOON,
    newSource: () => {
      made++;
      return refusing(new RuntimeError("camera_not_found", "no"));
    },
  });
  await waitUntil("three attempts", () => made >= 3, 5000);
  await host.ask(command);
  const afterwards = made;
  // Longer than any pause of these.
  await Bun.sleep(20);
  expect(made).toBe(afterwards);
  expect(host.story(1)).not.toContain("device_error:shutting_down!");
});

test("a device that the host assigns itself ends it", async () => {
  await using host = new RuntimeHost({ args: ARGS, newSource: () => new ManualSource() });
  await waitUntil("the first attempt", () => host.sources[0]?.state === "opening", 5000);
  host.source.refuse(new RuntimeError("camera_busy", "no"));
  await host.waitFor("its failure", ({ status }) => status === "device_error");
  const assigning = host.send("assign_device", { device_id: "picam:0" });
  await waitUntil("the host's own", () => host.sources[1]?.state === "opening", 5000);
  host.source.admit();
  host.source.deliver();
  expect(await host.replyTo(assigning)).toMatchObject({ status: "device_ready", payload: { device_id: "picam:0" } });
  expect(host.sources).toHaveLength(2);
});
