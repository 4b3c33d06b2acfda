import { dlopen, type Pointer } from "bun:ffi";
import { describe, expect, test } from "bun:test";
import { closeSync } from "node:fs";
import { join } from "node:path";
import { type EncoderLibraryName, encoderName, NativeEncoder } from "../../src/native/encoder-library.ts";
import { encoderConfigStruct, type NativeEncoderConfig } from "../../src/native/encoder-structs.ts";
import { listM2mNodes } from "../../src/native/m2m-list.ts";
import { addressOf } from "../../src/native/memory.ts";
import { DrivenEncoder } from "./driven-encoder.ts";
import { configOf, formatOf, jpegConfigOf } from "./formats.ts";
import { noise, paint, type TestPicture } from "./pictures.ts";
import { openWakeDescriptors, shimThreadsGone, wakeDescriptorsAtMost } from "./process-resources.ts";

const HD = formatOf("YUV420", 1280, 720);
const PICTURE = paint(HD, noise(1));
// errno.h
const EBADF = 9;
const EINVAL = 22;

describe.each([["x264", configOf] as const, ["image", jpegConfigOf] as const])("%s", (name, configFor) => {
  const open = (changes: Partial<NativeEncoderConfig> = {}) => new DrivenEncoder(name, configFor(HD, changes));

  test("tells what it is once it is open", async () => {
    await using encoder = open();
    await encoder.until((event) => event.kind === "opened");
    const { name: ownName, zeroCopy, copiedFrames } = encoder.native.info;
    expect({ ownName, zeroCopy, copiedFrames }).toEqual({
      ownName: encoderName(name),
      zeroCopy: false,
      copiedFrames: 0,
    });
  });

  test("a full encoder refuses a frame until an event made room", async () => {
    await using encoder = open({ queueFramesMax: 3 });
    for (let i = 0; i < 3; i++) expect(encoder.submit(PICTURE, BigInt(i))).toBe(true);
    // Nothing can have been taken yet: this thread has not yielded.
    expect(encoder.submit(PICTURE, 3n)).toBe(false);
    await encoder.until((event) => event.kind === "released");
    expect(encoder.submit(PICTURE, 4n)).toBe(true);
    await encoder.drain();
    expect(encoder.timestamps("packet")).toEqual([0n, 1n, 2n, 4n]);
  });

  test("a timestamp that does not increase is refused and gets no event", async () => {
    await using encoder = open();
    encoder.submit(PICTURE, 10n);
    expect(() => encoder.submit(PICTURE, 10n)).toThrow(`errno ${EINVAL}`);
    expect(() => encoder.submit(PICTURE, 9n)).toThrow(`errno ${EINVAL}`);
    await encoder.drain();
    expect(encoder.timestamps("packet")).toEqual([10n]);
  });

  test("a frame without one of its planes is refused", async () => {
    await using encoder = open();
    const incomplete: TestPicture = { planes: PICTURE.planes.slice(0, 2), memory: PICTURE.memory };
    expect(() => encoder.submit(incomplete, 1n)).toThrow(`errno ${EINVAL}`);
  });

  test("after drain() no frame is taken, and a second drain() does nothing", async () => {
    await using encoder = open();
    encoder.submit(PICTURE, 1n);
    encoder.native.drain();
    expect(encoder.submit(PICTURE, 2n)).toBe(false);
    await encoder.drain();
    encoder.native.drain();
    expect(encoder.events.map((event) => event.kind).sort()).toEqual(["drained", "opened", "packet", "released"]);
  });

  test("an encoder that got no frame drains as well", async () => {
    await using encoder = open();
    await encoder.drain();
    expect(encoder.events.map((event) => event.kind)).toEqual(["opened", "drained"]);
  });

  test("neither opening, submitting nor taking keeps the caller for long", async () => {
    const times: Record<string, number> = {};
    const measure = <T>(what: string, body: () => T): T => {
      const start = performance.now();
      const result = body();
      times[what] = Math.min(times[what] ?? Number.POSITIVE_INFINITY, performance.now() - start);
      return result;
    };
    for (let round = 0; round < 5; round++) {
      await using encoder = measure("open", open);
      measure("submit", () => encoder.submit(PICTURE, 1n));
      await encoder.drain();
      measure("take", () => encoder.takeAll());
    }
    for (const [what, milliseconds] of Object.entries(times)) expect(milliseconds, what).toBeLessThan(1);
  });

  test("destroying an encoder at work leaves no thread, no descriptor and no reader of the frames", async () => {
    const useAndDestroy = async () => {
      await using encoder = open();
      for (let i = 0; i < 4; i++) encoder.submit(PICTURE, BigInt(i));
    };
    await useAndDestroy(); // what Bun itself keeps for reading pipes is there from now on
    const descriptors = openWakeDescriptors();
    for (let round = 0; round < 5; round++) await useAndDestroy();
    await wakeDescriptorsAtMost(descriptors);
    await shimThreadsGone();
  });

  test("a frame whose dmabuf cannot be read ends the encoder with a sentence; all frames are released and skipped", async () => {
    await using encoder = open();
    const closedFd = 9999;
    const unreadable = { ...PICTURE, planes: PICTURE.planes.map((plane) => ({ ...plane, dmabufFd: closedFd })) };
    encoder.submit(unreadable, 1n);
    encoder.submit(PICTURE, 2n);
    await encoder.until((event) => event.kind === "failed");
    expect(encoder.timestamps("released")).toEqual([1n, 2n]);
    expect(encoder.timestamps("skipped")).toEqual([1n, 2n]);
    expect(encoder.events.at(-1)?.kind).toBe("failed");
    expect(encoder.native.failure().message).toBe("a frame's dmabuf cannot be read: Bad file descriptor");
    expect(encoder.submit(PICTURE, 3n)).toBe(false);
    encoder.native.drain();
  });

  test("no frame is lost when the caller is slow and the encoder always full", async () => {
    const format = formatOf("YUV420", 64, 64);
    await using encoder = new DrivenEncoder(name, configFor(format, { queueFramesMax: 2 }));
    const pictures = [paint(format, noise(1)), paint(format, noise(2))];
    const timestamps = Array.from({ length: 500 }, (_, i) => BigInt(i) * 7n - 100n);
    for (const [i, timestamp] of timestamps.entries()) await encoder.feed(pictures[i % 2] ?? PICTURE, timestamp);
    await encoder.drain();
    expect(encoder.timestamps("packet")).toEqual(timestamps);
    expect(encoder.timestamps("released")).toEqual(timestamps);
  });
});

test("a handle that is dead, another library's or made up is EBADF; a second destroy as well, and nothing is EINVAL", () => {
  const x264 = rawLibrary("x264");
  const image = rawLibrary("image");
  const handle = x264.create(configOf(HD));
  const foreign = image.create(jpegConfigOf(HD));
  expect(handle).not.toBe(foreign);
  for (const made of [1, 2, handle + 2, addressOf(new Uint8Array(64)), foreign]) {
    expect(x264.symbols.csi_encoder_drain(made as Pointer)).toBe(-EBADF);
    expect(x264.symbols.csi_encoder_destroy(made as Pointer)).toBe(-EBADF);
  }
  expect(x264.symbols.csi_encoder_drain(handle)).toBe(0);
  expect(x264.symbols.csi_encoder_destroy(handle)).toBe(0);
  expect(x264.symbols.csi_encoder_drain(handle)).toBe(-EBADF);
  expect(x264.symbols.csi_encoder_destroy(handle)).toBe(-EBADF);
  expect(image.symbols.csi_encoder_destroy(foreign)).toBe(0);
  expect(x264.symbols.csi_encoder_drain(null)).toBe(-EINVAL);
  expect(x264.symbols.csi_encoder_destroy(null)).toBe(0);
});

test("a call finds its encoder in far less than a microsecond", () => {
  const { symbols } = rawLibrary("x264");
  const calls = 100_000;
  const nsPerCall = (): number => {
    const start = Bun.nanoseconds();
    for (let call = 0; call < calls; call++) symbols.csi_encoder_drain(1 as Pointer);
    return (Bun.nanoseconds() - start) / calls;
  };
  // The quickest of several: others may be using the processor.
  expect(Math.min(...Array.from({ length: 5 }, nsPerCall))).toBeLessThan(500);
});

/** A library's C ABI without this program's precautions. */
function rawLibrary(name: EncoderLibraryName) {
  const { symbols } = dlopen(join(import.meta.dir, `../../shim/build/libcsi_${name}.so`), {
    csi_encoder_create: { args: ["ptr", "ptr", "ptr", "ptr", "u32"], returns: "i32" },
    csi_encoder_drain: { args: ["ptr"], returns: "i32" },
    csi_encoder_destroy: { args: ["ptr"], returns: "i32" },
  });
  const create = (config: NativeEncoderConfig): Pointer => {
    const handle = new BigUint64Array(1);
    const wakeFd = new Int32Array(1);
    expect(symbols.csi_encoder_create(encoderConfigStruct(config), handle, wakeFd, null, 0)).toBe(0);
    closeSync(wakeFd[0] ?? -1);
    return Number(handle[0]) as Pointer;
  };
  return { symbols, create };
}

// The sizes of its structs are compared when a library is loaded; where fields lie in them is asserted in C++.
test("every library of the ABI has the structs that this program writes and reads", () => {
  for (const name of ["m2m", "x264", "image"] as const) expect(encoderName(name)).not.toBe("");
  expect(listM2mNodes()).toBeArray();
});

test("a device's path that the config can't hold is refused, not cut", () => {
  const config = configOf(HD, { device: `/dev/${"x".repeat(59)}` });
  expect(() => new NativeEncoder("x264", config)).toThrow(
    "the encoder device's path has 64 bytes, expected at most 63",
  );
});

describe("a config that cannot be is refused with a sentence", () => {
  const cases: [string, EncoderLibraryName, NativeEncoderConfig, string][] = [
    [
      "odd width",
      "x264",
      configOf(formatOf("YUV420", 321, 240)),
      "H.264 in 4:2:0 needs an even width and height, got 321x240",
    ],
    [
      "scaling",
      "x264",
      configOf(HD, { outputWidth: 640 }),
      "the H.264 encoder does not scale: the output has to be 1280x720",
    ],
    ["unknown level", "x264", configOf(HD, { levelIdc: 43 }), "there is no H.264 level_idc 43"],
    ["no bitrate", "x264", configOf(HD, { bitrate: 0 }), "a bitrate of 0 bit/s is below 1000"],
    ["no rate", "x264", configOf(HD, { frameRate: 0 }), "the frame rate has to be above zero"],
    ["no interval", "x264", configOf(HD, { keyIntervalFrames: 0 }), "key_interval_frames has to be at least 1"],
    [
      "RGB matrix for YUV",
      "x264",
      configOf(formatOf("NV12", 64, 64, { colour: { primaries: 1, transfer: 13, matrix: 0, fullRange: true } })),
      "YUV pixels cannot have the identity matrix (H.273 code point 0)",
    ],
    ["quality", "image", jpegConfigOf(HD, { quality: 101 }), "JPEG quality is 1 to 100, got 101"],
    [
      "enlarging",
      "image",
      jpegConfigOf(HD, { outputWidth: 1281 }),
      "an image of 1281x720 is not within its source of 1280x720",
    ],
    [
      "no pixels",
      "image",
      jpegConfigOf(formatOf("YUV420", 0, 240)),
      "a picture of 0x240 is outside 1x1 to 16384x16384",
    ],
    [
      "stride",
      "image",
      jpegConfigOf({ ...HD, strides: [1280, 639, 640] }),
      "plane 1 of a picture 1280 wide has rows of 640 bytes, got a stride of 639",
    ],
    ["planes", "image", jpegConfigOf({ ...HD, strides: [1280, 640] }), "pixel format 0 has 3 planes, got 2"],
    ["another codec", "x264", configOf(HD, { codec: "jpeg" }), "libx264 encodes to H.264 only, got codec 1"],
    ["another codec", "image", configOf(HD), "libjpeg-turbo encodes to JPEG only, got codec 0"],
    ["no queue", "image", jpegConfigOf(HD, { queueFramesMax: 0 }), "queue_frames_max is 0, expected 1 to 256"],
  ];
  test.each(cases)("%s", async (_name, library, config, sentence) => {
    const descriptors = openWakeDescriptors();
    expect(() => new NativeEncoder(library, config)).toThrow(`${library} encoder: ${sentence}`);
    await wakeDescriptorsAtMost(descriptors);
  });
});
