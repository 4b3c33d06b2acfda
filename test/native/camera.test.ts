import { expect, test } from "bun:test";
import { REC709 } from "../../src/capture/stream-format.ts";
import { libcameraVersions, listCameras } from "../../src/native/camera-list.ts";
import { NativeCamera, type NativeCameraConfig, type NativeCameraEvent } from "../../src/native/native-camera.ts";
import { followWakeSocket } from "../../src/native/wake-socket.ts";
import { openWakeDescriptors, shimThreadsGone, wakeDescriptorsAtMost } from "./process-resources.ts";

// These run where there is no camera; real ones (the kernel's vimc) are in test/vm.
const haveCameras = listCameras().length > 0;

const CONFIG: NativeCameraConfig = {
  cameraId: undefined,
  cameraIndex: 0,
  size: undefined,
  bufferCount: 6,
  frameDurationUs: 0,
  colour: REC709,
};

/** Opens a camera, closes it at once or at its first event, and gives all of its events. */
async function openAndClose(
  changes: Partial<NativeCameraConfig>,
  closeAt: "once" | "first event",
): Promise<NativeCameraEvent[]> {
  const camera = new NativeCamera({ ...CONFIG, ...changes });
  const events: NativeCameraEvent[] = [];
  if (closeAt === "once") camera.close();
  await untilClosed(camera, (event) => {
    events.push(event);
    if (event.kind !== "closed") camera.close();
  });
  return events;
}

/** Takes all events up to "closed", then destroys the camera. */
async function untilClosed(camera: NativeCamera, onEvent: (event: NativeCameraEvent) => void): Promise<void> {
  let isClosed = false;
  await followWakeSocket(camera.wakeFd, () => {
    // An event is there before its byte is: the last byte may come when nothing is left to take.
    for (let event = isClosed ? undefined : camera.take(); event !== undefined; event = camera.take()) {
      onEvent(event);
      if (event.kind !== "closed") continue;
      isClosed = true;
      expect(camera.take()).toBeUndefined();
      camera.destroy();
      return;
    }
  });
  expect(isClosed).toBe(true);
}

test("the library tells which libcamera it was built for and which one runs", () => {
  const { build, runtime } = libcameraVersions();
  expect(build).toMatch(/^\d+\.\d+\.\d+$/);
  expect(runtime).toStartWith(`v${build}`);
});

test.skipIf(haveCameras)("without a camera the list is empty", () => {
  expect(listCameras()).toEqual([]);
});

test.skipIf(haveCameras)("opening a camera that is not there fails with a sentence and closes", async () => {
  const [failed, closed, ...rest] = await openAndClose({}, "first event");
  expect(failed).toMatchObject({
    kind: "failed",
    error: { code: "camera_not_found", message: "there is no CSI camera 0: libcamera finds none" },
  });
  expect(closed).toEqual({ kind: "closed" });
  expect(rest).toEqual([]);
});

test.skipIf(haveCameras)("a camera asked for by id is named in the sentence", async () => {
  const [failed] = await openAndClose({ cameraId: "/base/soc/i2c0mux/i2c@1/imx296@1a" }, "first event");
  expect(failed).toMatchObject({
    error: { message: "there is no CSI camera /base/soc/i2c0mux/i2c@1/imx296@1a: libcamera finds none" },
  });
});

test("one camera at a time: a second one and a list are refused until the first is closed", async () => {
  const camera = new NativeCamera(CONFIG);
  expect(() => new NativeCamera(CONFIG)).toThrow("errno 16");
  expect(() => listCameras()).toThrow("errno 16");
  expect(() => camera.destroy()).toThrow("errno 16");
  camera.close();
  await untilClosed(camera, () => {});
  expect(await openAndClose({}, "once")).toContainEqual({ kind: "closed" });
});

test("closing while opening finishes the step and closes", async () => {
  const events = await openAndClose({}, "once");
  expect(events.at(-1)).toEqual({ kind: "closed" });
});

test("opening and closing ten times leaves no thread and no descriptor", async () => {
  await openAndClose({}, "first event");
  const descriptors = openWakeDescriptors();
  for (let round = 0; round < 10; round++) await openAndClose({}, round % 2 === 0 ? "once" : "first event");
  await wakeDescriptorsAtMost(descriptors);
  await shimThreadsGone();
});
