import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { PicamSource } from "../../src/capture/picam-source.ts";
import { REC709 } from "../../src/capture/stream-format.ts";
import { listCameras } from "../../src/native/camera-list.ts";
import { waitUntil } from "../log/wait-until.ts";
import { openWakeDescriptors, shimThreads } from "../native/process-resources.ts";
import { CollectingEvents, never } from "./collecting-events.ts";

const cameras = listCameras();
const sourceOf = (cameraId?: string, cameraIndex = 0) =>
  new PicamSource({ cameraId, cameraIndex, size: undefined, frameRate: 30, colour: REC709 });
const descriptors = () => readdirSync("/proc/self/fd").length;

describe.skipIf(cameras.length > 0)("PicamSource on a machine without a camera", () => {
  for (const [what, cameraId, index] of [
    ["by index", undefined, 0],
    ["by a high index", undefined, 999],
    ["by id", "/base/soc/i2c0mux/i2c@1/imx296@1a", 0],
  ] as const) {
    test(`is not found ${what}: opening rejects, closing resolves, again and again`, async () => {
      const source = sourceOf(cameraId, index);
      const events = new CollectingEvents();
      await expect(source.open(events, never)).rejects.toMatchObject({
        name: "RuntimeError",
        code: "camera_not_found",
      });
      await Promise.all([source.close(), source.close()]);
      await source.close();
      expect(events.frames).toEqual([]);
      expect(events.failures).toEqual([]);
    });
  }

  test("refuses an id that is longer than any, and closes", async () => {
    const source = sourceOf("x".repeat(300));
    await expect(source.open(new CollectingEvents(), never)).rejects.toMatchObject({ code: "camera_not_found" });
    await source.close();
  });

  test("leaves no descriptor and no thread behind", async () => {
    const round = async () => {
      await using source = sourceOf();
      await source.open(new CollectingEvents(), never).catch(() => undefined);
    };
    await round(); // what libcamera keeps for good
    const before = descriptors();
    const wakeBefore = openWakeDescriptors();
    const threadsBefore = shimThreads();
    for (let count = 0; count < 5; count++) await round();
    await waitUntil("descriptors to be closed", () => descriptors() <= before && openWakeDescriptors() <= wakeBefore);
    await waitUntil("threads to end", () => shimThreads() <= threadsBefore);
  }, 30_000);

  test("aborting while it opens rejects with the signal's reason at once", async () => {
    await using source = sourceOf();
    const abort = new AbortController();
    const opening = source.open(new CollectingEvents(), abort.signal);
    abort.abort(new Error("enough"));
    await expect(opening).rejects.toThrow("enough");
  });

  test("closing while it opens makes opening fail", async () => {
    const source = sourceOf();
    const opening = expect(source.open(new CollectingEvents(), never)).rejects.toMatchObject({ name: "RuntimeError" });
    await source.close();
    await opening;
  });

  test("an aborted signal keeps it from opening, and closing resolves", async () => {
    const source = sourceOf();
    const opening = source.open(new CollectingEvents(), AbortSignal.abort(new Error("enough")));
    await expect(opening).rejects.toThrow("enough");
    await source.close();
  });

  test("closed before it was opened, it can't be opened", async () => {
    const source = sourceOf();
    await source.close();
    await expect(source.open(new CollectingEvents(), never)).rejects.toThrow("opens once");
  });
});
