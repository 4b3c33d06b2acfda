import { describe, expect, test } from "bun:test";
import { type Colour, type PixelFormat, REC709, SMPTE170M, SYCC } from "../../src/capture/stream-format.ts";
import { encoderName } from "../../src/native/encoder-library.ts";
import type { NativeEncoderConfig } from "../../src/native/encoder-structs.ts";
import { DrivenEncoder } from "./driven-encoder.ts";
import { expectNear } from "./expect-near.ts";
import { decode, probe } from "./ffmpeg.ts";
import { formatOf, jpegConfigOf } from "./formats.ts";
import { bars, noise, type Pixel, paint } from "./pictures.ts";

const WIDTH = 256;
const HEIGHT = 64;
const RGB: Pixel[] = [
  [200, 40, 40],
  [40, 200, 40],
  [40, 40, 200],
  [220, 220, 220],
];

const FULL_RANGE_709: Colour = { ...REC709, fullRange: true };
const REC2020: Colour = { primaries: 9, transfer: 14, matrix: 9, fullRange: false };
const FULL_RANGE_2020: Colour = { ...REC2020, fullRange: true };
const LUMA_WEIGHTS: Record<number, readonly [number, number]> = {
  1: [0.2126, 0.0722],
  6: [0.299, 0.114],
  9: [0.2627, 0.0593],
};

/** ITU-T H.273, 8.3: the equations of matrix coefficients 1, 6 and 9 at 8 bits. */
function toYuv([red, green, blue]: Pixel, { matrix, fullRange }: Colour): Pixel {
  const [kr, kb] = LUMA_WEIGHTS[matrix] ?? [Number.NaN, Number.NaN];
  const luma = kr * red + (1 - kr - kb) * green + kb * blue;
  const pb = (blue - luma) / (2 * (1 - kb));
  const pr = (red - luma) / (2 * (1 - kr));
  const [yScale, cScale, offset] = fullRange ? [1, 1, 0] : [219 / 255, 224 / 255, 16];
  return [Math.round(offset + yScale * luma), Math.round(128 + cScale * pb), Math.round(128 + cScale * pr)];
}

async function jpegOf(
  format: ReturnType<typeof formatOf>,
  pixels: Pixel[],
  changes: Partial<NativeEncoderConfig> = {},
): Promise<Uint8Array> {
  await using encoder = new DrivenEncoder("image", jpegConfigOf(format, changes));
  await encoder.feed(paint(format, bars(...pixels)), 1n);
  await encoder.drain();
  const [packet, ...rest] = encoder.packets;
  expect(rest).toEqual([]);
  expect(packet).toMatchObject({ timestampNs: 1n, isKey: true });
  return packet?.data ?? new Uint8Array();
}

async function expectBars(jpeg: Uint8Array, width: number, height: number): Promise<void> {
  const decoded = await decode("mjpeg", jpeg, "rgb24");
  expect(decoded.length).toBe(3 * width * height);
  RGB.forEach((expected, bar) => {
    const at = 3 * (Math.floor(height / 2) * width + Math.floor(((bar + 0.5) * width) / RGB.length));
    expectNear([...decoded.subarray(at, at + 3)], expected, 4);
  });
}

test("the library names itself with its version", () => {
  expect(encoderName("image")).toMatch(/^libjpeg-turbo \d+\.\d+\.\d+$/);
});

test("an image says full range, 4:2:0", async () => {
  const jpeg = await jpegOf(
    formatOf("YUV420", WIDTH, HEIGHT, { colour: SYCC }),
    RGB.map((rgb) => toYuv(rgb, SYCC)),
  );
  expect(await probe("mjpeg", jpeg)).toMatchObject({ pix_fmt: "yuvj420p", color_range: "pc" });
});

describe("YUV of any matrix and range becomes the same RGB", () => {
  const colours: [string, Colour][] = [
    ["BT.601 full", SYCC],
    ["BT.601 limited", SMPTE170M],
    ["BT.709 full", FULL_RANGE_709],
    ["BT.709 limited", REC709],
    ["BT.2020 full", FULL_RANGE_2020],
    ["BT.2020 limited", REC2020],
  ];
  test.each(colours)("%s", async (_name, colour) => {
    const format = formatOf("YUV420", WIDTH, HEIGHT, { colour, padding: 32 });
    await expectBars(
      await jpegOf(
        format,
        RGB.map((rgb) => toYuv(rgb, colour)),
      ),
      WIDTH,
      HEIGHT,
    );
  });

  test("an unspecified matrix is BT.601 in a small picture and BT.709 in a large one", async () => {
    const unspecified = { primaries: 2, transfer: 2, matrix: 2, fullRange: false };
    const small = formatOf("YUV420", WIDTH, HEIGHT, { colour: unspecified });
    await expectBars(
      await jpegOf(
        small,
        RGB.map((rgb) => toYuv(rgb, SMPTE170M)),
      ),
      WIDTH,
      HEIGHT,
    );
    const large = formatOf("YUV420", 1280, 720, { colour: unspecified });
    await expectBars(
      await jpegOf(
        large,
        RGB.map((rgb) => toYuv(rgb, REC709)),
      ),
      1280,
      720,
    );
  });
});

describe("each pixel format gives the same picture", () => {
  const cases: [PixelFormat, number][] = [
    ["NV12", 0],
    ["NV12", 64],
    ["RGB888", 0],
    ["RGB888", 20],
    ["BGR888", 0],
    ["BGR888", 20],
    ["YUYV", 0],
    ["YUYV", 64],
  ];
  test.each(cases)("%s with %d bytes of padding", async (pixelFormat, padding) => {
    const isRgb = pixelFormat.endsWith("888");
    const format = formatOf(pixelFormat, WIDTH, HEIGHT, { padding, colour: REC709 });
    await expectBars(await jpegOf(format, isRgb ? RGB : RGB.map((rgb) => toYuv(rgb, REC709))), WIDTH, HEIGHT);
  });
});

describe("a smaller output is scaled", () => {
  test.each<PixelFormat>(["YUV420", "NV12", "BGR888"])("from %s", async (pixelFormat) => {
    const format = formatOf(pixelFormat, 640, 480, { padding: 64 });
    const pixels = pixelFormat === "BGR888" ? RGB : RGB.map((rgb) => toYuv(rgb, REC709));
    await expectBars(await jpegOf(format, pixels, { outputWidth: 160, outputHeight: 120 }), 160, 120);
  });

  test("also to odd sizes, and from them", async () => {
    const format = formatOf("YUV420", 333, 251);
    const jpeg = await jpegOf(
      format,
      RGB.map((rgb) => toYuv(rgb, REC709)),
      { outputWidth: 111, outputHeight: 83 },
    );
    await expectBars(jpeg, 111, 83);
  });

  test("by averaging, so that fine stripes become grey and do not flicker", async () => {
    const format = formatOf("YUV420", 256, 256, { colour: SYCC });
    await using encoder = new DrivenEncoder("image", jpegConfigOf(format, { outputWidth: 64, outputHeight: 64 }));
    await encoder.feed(
      paint(format, (x) => [x % 2 === 0 ? 0 : 255, 128, 128]),
      1n,
    );
    await encoder.drain();
    const [luma] = await decode("mjpeg", encoder.packets[0]?.data ?? new Uint8Array());
    expectNear([luma ?? -1], [128], 2);
  });
});

test("a lower quality makes a smaller image", async () => {
  const format = formatOf("YUV420", WIDTH, HEIGHT);
  const sizes: number[] = [];
  for (const quality of [30, 95]) {
    await using encoder = new DrivenEncoder("image", jpegConfigOf(format, { quality }));
    await encoder.feed(paint(format, noise(1)), 1n);
    await encoder.drain();
    sizes.push(encoder.packets[0]?.data.length ?? 0);
  }
  expect(sizes[0]).toBeLessThan((sizes[1] ?? 0) / 2);
});
