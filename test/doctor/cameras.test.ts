import { expect, test } from "bun:test";
import { checkCameras, readSensors } from "../../src/doctor/checks/cameras.ts";
import { checkCapture } from "../../src/doctor/checks/capture.ts";
import { tryCapture } from "../../src/doctor/trials/try-capture.ts";
import { SyntheticFaults } from "../../src/capture/synthetic-faults.ts";
import { REC709 } from "../../src/capture/stream-format.ts";
import { SyntheticSource } from "../../src/capture/synthetic-source.ts";
import { machineWith } from "../program/machine-with.ts";
import { MachineTree, PC, PI_4, PI_5 } from "./machine-tree.ts";

const none = { board: PI_4, cameras: machineWith([]).cameras, cameraIndex: 0, sensors: [], before: [] };

test("the cameras are told, and one that is not among them is a failure", () => {
  const { cameras } = machineWith(["imx296", "imx477"]);
  expect(checkCameras({ ...none, cameras, cameraIndex: 1 })).toMatchObject({
    level: "ok",
    sentence: "picam:0 imx296 1456x1088, picam:1 imx477 1456x1088",
  });
  expect(checkCameras({ ...none, cameras, cameraIndex: 2 })).toMatchObject({
    level: "failure",
    advice: ["choose one with --camera-index 0 to 1"],
  });
});

test("without any, what the kernel found tells where to look", () => {
  using tree = new MachineTree({
    "/sys/class/video4linux/v4l-subdev0/name": "imx296 10-001a\n",
    "/sys/class/video4linux/v4l-subdev1/name": "unicam\n",
    "/sys/class/video4linux/video0/name": "unicam-image\n",
  });
  const sensors = readSensors(tree.files);
  expect(sensors).toEqual(["imx296 10-001a"]);
  expect(checkCameras({ ...none, sensors })).toMatchObject({
    level: "failure",
    sentence: expect.stringContaining("the kernel has found imx296 10-001a"),
    advice: [
      expect.stringContaining("too old for the sensor"),
      // A command that is there, whether this is installed or not.
      expect.stringMatching(/^LIBCAMERA_LOG_LEVELS='\*:INFO' '?\/.* list shows/),
    ],
  });
  const advice = (board: typeof PI_4) => checkCameras({ ...none, board }).advice.join("\n");
  expect(advice(PI_4)).toMatch(/cable(.|\n)*ribbon(.|\n)*Boot settings/);
  expect(advice(PI_5)).toContain("CAM1");
  expect(advice(PC)).toContain("USB cameras");
});

test("what else is wrong comes first: who may not open a camera's nodes, or finds them taken, sees none", () => {
  const before = [
    { check: "boot_config", level: "ok" },
    { check: "access", level: "failure" },
    { check: "in_use", level: "warning" },
  ] as const;
  expect(checkCameras({ ...none, before }).advice[0]).toStartWith("first of all see Permissions and In use");
});

test("a libcamera that is missing is a failure with its own sentence", () => {
  const { cameras } = machineWith("the camera library is not built");
  expect(checkCameras({ ...none, cameras })).toMatchObject({
    level: "failure",
    sentence: "the camera library is not built",
  });
});

function source(faults: SyntheticFaults = SyntheticFaults.parse({})): SyntheticSource {
  return new SyntheticSource({ width: 160, height: 96, frameRate: 60, colour: REC709, faults });
}

const options = { deviceId: "picam:0", firstFrameTimeoutMs: 5000, captureFps: 60 };

test("a camera is opened, and what it delivers is right where it is as fast as asked", async () => {
  const trial = await tryCapture(source(), options);
  expect(checkCapture({ trial, captureFps: 60 })).toMatchObject({
    level: "ok",
    values: { width: 160, height: 96, pixel_format: "YUV420", error_code: null },
  });
  expect(checkCapture({ trial, captureFps: 120 })).toMatchObject({ level: "warning" });
}, 15_000);

test("a camera that can't be opened, gives nothing, or only one frame, is a failure", async () => {
  const busy = await tryCapture(source(SyntheticFaults.parse({ open_fails: "busy" })), options);
  expect(checkCapture({ trial: busy, captureFps: 60 })).toMatchObject({
    level: "failure",
    advice: ["see In use"],
    values: { error_code: "camera_busy", frames_per_second: null },
  });
  const silent = await tryCapture(source(SyntheticFaults.parse({ first_frame_delay: 60_000 })), {
    ...options,
    firstFrameTimeoutMs: 50,
  });
  expect(checkCapture({ trial: silent, captureFps: 60 })).toMatchObject({
    level: "failure",
    values: { error_code: "first_frame_timeout" },
  });
  const single = await tryCapture(source(SyntheticFaults.parse({ stall: 1 })), options);
  expect(checkCapture({ trial: single, captureFps: 60 })).toMatchObject({ level: "failure" });
  expect(checkCapture({ trial: undefined, captureFps: 60 })).toMatchObject({ level: "unknown" });
}, 15_000);
