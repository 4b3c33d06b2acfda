import { describe, expect, test } from "bun:test";
import { checkHardwareEncoder } from "../../src/doctor/checks/hardware-encoder.ts";
import type { ListReport } from "../../src/program/list-report.ts";
import { createSource } from "../../src/runtime/create-source.ts";
import { RuntimeConfig } from "../../src/runtime/runtime-config.ts";
import { CollectingEvents } from "../capture/collecting-events.ts";
import { PI_4, PI_5 } from "../doctor/machine-tree.ts";
import { BCM2835 } from "../support/encoder-node.ts";
import { recordSound } from "../support/hardware-recording.ts";
import { m2mDevice, type M2mSwitches } from "../support/m2m-device.ts";
import { runProgram } from "../support/run-program.ts";

// What each board is to the program: the nodes that its drivers make (test/native/m2m-device plays them), the layout of
// its pictures, and what is made of that. Each driver's habits one by one are in hardware-encoder.test.ts and test/native.

/** Raspberry Pi 4, CM4, 3, Zero 2: bcm2835-codec, and the camera's receiver. */
const PI_4_NODES: readonly M2mSwitches[] = [
  { node: "/dev/video0", kind: "camera" },
  { node: "/dev/video10", kind: "decoder" },
  { node: "/dev/video11" },
  { node: "/dev/video31", codec: "jpeg" },
];
/** Raspberry Pi 5: cameras, a decoder, and image processors, which are cameras to who asks. Nothing encodes. */
const PI_5_NODES: readonly M2mSwitches[] = [
  { node: "/dev/video0", kind: "camera" },
  { node: "/dev/video19", kind: "decoder" },
  { node: "/dev/video20", kind: "camera" },
];

/** The sensor that the module was made for. Its rows of 1456 bytes are padded to 1536. */
const SENSOR = { width: 1456, height: 1088 } as const;
const ARGS = ["--size", `${SENSOR.width}x${SENSOR.height}`, "--capture-fps", "30"];
const STRIDE = 1536;
const V4L2_COLORSPACE_REC709 = 3;
const TIMEOUT_MS = 120_000;

const recordOn = (nodes: readonly M2mSwitches[]) => recordSound(nodes, { args: ARGS, rows: 15 });

/** Of the planes that the camera of `recordOn` delivers with these arguments: a recording does not tell. */
async function stridesOf(args: readonly string[]): Promise<readonly number[]> {
  const { camera } = RuntimeConfig.fromArgs(["--source", "synthetic", ...args], {});
  await using source = createSource(camera, { cameraId: undefined, cameraIndex: 0 });
  const { format } = await source.open(new CollectingEvents(), new AbortController().signal);
  return format.strides;
}

/** `list` on a board with these nodes: as text, and for programs. */
async function listOn(nodes: readonly M2mSwitches[]): Promise<{ text: string; report: ListReport }> {
  using device = await m2mDevice(...nodes);
  const [{ stdout: text }, { stdout }] = await Promise.all([
    runProgram(["list"], { env: device.env }),
    runProgram(["list", "--json"], { env: device.env }),
  ]);
  return { text, report: JSON.parse(stdout) };
}

describe("a Raspberry Pi 4", () => {
  test.concurrent(
    "encodes by --encoder auto in its hardware, from the camera's own buffers, and says so and why",
    async () => {
      const recorded = await recordOn(PI_4_NODES);
      expect(recorded).toMatchObject({
        encoder: "bcm2835-codec-encode (/dev/video11)",
        ...{ zeroCopy: true, encoderReason: "the hardware's comes first", story: [] },
      });
      const [context] = recorded.report.contexts.filter(({ framesEncoded }) => framesEncoded > 0);
      expect(context).toMatchObject({
        node: "/dev/video11",
        outputMemory: "dmabuf",
        // The camera's rows are what it reads, not its own 1472.
        outputFormat: {
          ...SENSOR,
          ...{ fourcc: "YU12", bytesPerLine: STRIDE, sizeImage: (STRIDE * SENSOR.height * 3) / 2 },
          colourSpace: V4L2_COLORSPACE_REC709,
        },
        captureFormat: { fourcc: "H264" },
        crop: [SENSOR.width, SENSOR.height],
      });
    },
    TIMEOUT_MS,
  );

  test.concurrent("lists its two encoders with what they take, and doctor names the one that fits", async () => {
    const { text, report } = await listOn(PI_4_NODES);
    const size = { min: 32, max: 1920, step: 2 };
    expect(report.hardware_encoders).toMatchObject([
      { path: "/dev/video11", card: "bcm2835-codec-encode", codecs: ["h264"], width: size, height: size },
      { path: "/dev/video31", card: "bcm2835-codec-encode_image", codecs: ["mjpeg"] },
    ]);
    expect(text).toMatch(/\/dev\/video11 .*\n +for +--codec h264\n +out +H264\n +in +YU12 /);
    const finding = { board: PI_4, codec: "h264", encoder: { kind: "auto" } } as const;
    expect(checkHardwareEncoder({ ...finding, nodes: { value: [BCM2835] } })).toMatchObject({
      level: "ok",
      sentence: "/dev/video11 (bcm2835-codec-encode) encodes h264",
    });
  });
});

describe("a Raspberry Pi 5", () => {
  test.concurrent(
    "encodes by --encoder auto in software, without a warning, and says so and why",
    async () => {
      // Each picture comes out the right one of these rows: they are not taken for 1456 bytes.
      expect(await stridesOf(ARGS)).toEqual([STRIDE, STRIDE / 2, STRIDE / 2]);
      const recorded = await recordOn(PI_5_NODES);
      expect(recorded).toMatchObject({
        encoder: expect.stringContaining("libx264"),
        ...{ zeroCopy: false, encoderReason: "this machine has no V4L2 encoder for this codec", story: [] },
      });
      // Its nodes were looked at, and none was set to anything.
      const looked = recorded.report.contexts;
      expect(new Set(looked.map(({ node }) => node))).toEqual(new Set(PI_5_NODES.map(({ node }) => node ?? "")));
      expect(looked.filter(({ outputMemory, framesQueued }) => outputMemory !== null || framesQueued > 0)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test.concurrent("lists no encoder, and doctor finds that right", async () => {
    const { text, report } = await listOn(PI_5_NODES);
    expect(report.hardware_encoders).toEqual([]);
    expect(text).toContain("no hardware encoder (a Raspberry Pi 5 has none), software encodes");
    const finding = { board: PI_5, codec: "h264", encoder: { kind: "auto" } } as const;
    expect(checkHardwareEncoder({ ...finding, nodes: { value: [] } })).toMatchObject({
      level: "ok",
      sentence: "a Raspberry Pi 5 has none, software encodes h264",
    });
  });
});
