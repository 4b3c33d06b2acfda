import { describe, expect, test } from "bun:test";
import type { PixelFormat } from "../../src/capture/stream-format.ts";
import { encoderName } from "../../src/native/encoder-library.ts";
import { DrivenEncoder } from "./driven-encoder.ts";
import { annexB, decode, nalTypes, probe, yuvAt } from "./ffmpeg.ts";
import { expectNear } from "./expect-near.ts";
import { configOf, formatOf } from "./formats.ts";
import { bars, noise, type Pixel, paint } from "./pictures.ts";

const IDR = 5;
const SPS = 7;
const PPS = 8;
const SMALL = formatOf("YUV420", 320, 240);

async function encodeNoise(frameCount: number, changes = {}, forcedKeys: number[] = []): Promise<DrivenEncoder> {
  const encoder = new DrivenEncoder("x264", configOf(SMALL, changes));
  for (let i = 0; i < frameCount; i++) {
    await encoder.feed(paint(SMALL, noise(i)), BigInt(i) * 33_333_333n, forcedKeys.includes(i));
  }
  await encoder.drain();
  return encoder;
}

const keysOf = (encoder: DrivenEncoder) => encoder.packets.flatMap((packet, index) => (packet.isKey ? [index] : []));

test("the library names itself with its version", () => {
  expect(encoderName("x264")).toMatch(/^libx264 core \d+$/);
});

test("each frame gets one release and one packet, in order and with its own timestamp", async () => {
  await using encoder = await encodeNoise(50);
  const submitted = Array.from({ length: 50 }, (_, i) => BigInt(i) * 33_333_333n);
  expect(encoder.timestamps("packet")).toEqual(submitted);
  expect(encoder.timestamps("released")).toEqual(submitted);
  expect(encoder.timestamps("skipped")).toEqual([]);
  expect(encoder.events[0]?.kind).toBe("opened");
  expect(encoder.events.at(-1)?.kind).toBe("drained");
});

test("timestamps beyond 2^53 come back to the last bit", async () => {
  const timestampNs = 9_007_199_254_740_993n;
  await using encoder = new DrivenEncoder("x264", configOf(SMALL));
  await encoder.feed(paint(SMALL, noise(0)), timestampNs);
  await encoder.drain();
  expect(encoder.timestamps("packet")).toEqual([timestampNs]);
});

test("the stream decodes to as many pictures as there were frames", async () => {
  await using encoder = await encodeNoise(40);
  const report = await probe("h264", annexB(encoder.packets.map((packet) => packet.data)));
  expect(report.nb_read_frames).toBe("40");
  expect(report.level).toBe(42);
});

test("the first packet is an IDR picture with its parameter sets, and so is every key packet", async () => {
  await using encoder = await encodeNoise(25, { keyIntervalFrames: 10 });
  expect(keysOf(encoder)).toEqual([0, 10, 20]);
  encoder.packets.forEach((packet, index) => {
    const types = nalTypes(packet.data);
    if (index % 10 === 0) expect(types).toEqual(expect.arrayContaining([SPS, PPS, IDR]));
    else expect(new Set(types)).toEqual(new Set([1]));
  });
});

test("a forced key frame is an IDR picture, and the interval counts from it", async () => {
  await using encoder = await encodeNoise(30, { keyIntervalFrames: 10 }, [3, 4]);
  expect(keysOf(encoder)).toEqual([0, 3, 4, 14, 24]);
  expect(nalTypes(encoder.packets[3]?.data ?? new Uint8Array())).toEqual(expect.arrayContaining([SPS, PPS, IDR]));
});

test("a hard cut between two key frames makes no key frame of its own", async () => {
  await using encoder = new DrivenEncoder("x264", configOf(SMALL, { keyIntervalFrames: 20 }));
  for (let i = 0; i < 20; i++) {
    await encoder.feed(paint(SMALL, i < 10 ? bars([16, 128, 128]) : noise(i)), BigInt(i));
  }
  await encoder.drain();
  expect(keysOf(encoder)).toEqual([0]);
});

test("the bitrate is kept", async () => {
  const bitrate = 1_500_000;
  await using encoder = await encodeNoise(150, { bitrate, keyIntervalFrames: 60 });
  const bits = encoder.packets.reduce((sum, packet) => sum + 8 * packet.data.length, 0);
  expect(bits / (150 / 30)).toBeWithin(bitrate * 0.7, bitrate * 1.3);
}, 20_000);

test("the colour is in the stream as the encoder reports it", async () => {
  const colour = { primaries: 9, transfer: 14, matrix: 9, fullRange: true };
  const format = formatOf("YUV420", 320, 240, { colour });
  await using encoder = new DrivenEncoder("x264", configOf(format));
  expect(encoder.native.info.colour).toEqual(colour);
  await encoder.feed(paint(format, noise(0)), 0n);
  await encoder.drain();
  expect(await probe("h264", annexB(encoder.packets.map((packet) => packet.data)))).toMatchObject({
    color_range: "pc",
    color_space: "bt2020nc",
    color_transfer: "bt2020-10",
    color_primaries: "bt2020",
  });
});

describe("the decoded picture has the colours that went in", () => {
  const RGB: Pixel[] = [
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [255, 255, 255],
  ];
  // The same bars in BT.601, 16..235 (ITU-R BT.601-7, 2.5.1).
  const YUV: Pixel[] = [
    [81, 90, 240],
    [145, 54, 34],
    [41, 240, 110],
    [235, 128, 128],
  ];
  const WIDTH = 256;
  const HEIGHT = 64;

  const cases: [PixelFormat, number][] = [
    ["YUV420", 0],
    ["YUV420", 32],
    ["NV12", 0],
    ["NV12", 64],
    ["RGB888", 0],
    ["RGB888", 48],
    ["BGR888", 0],
    ["BGR888", 10],
    ["YUYV", 0],
    ["YUYV", 128],
  ];
  test.each(cases)("%s with %d bytes of padding", async (pixelFormat, padding) => {
    const isRgb = pixelFormat.endsWith("888");
    const colour = isRgb
      ? { primaries: 1, transfer: 13, matrix: 0, fullRange: true }
      : { primaries: 6, transfer: 6, matrix: 6, fullRange: false };
    const format = formatOf(pixelFormat, WIDTH, HEIGHT, { padding, colour });
    await using encoder = new DrivenEncoder("x264", configOf(format));
    expect(encoder.native.info.colour).toMatchObject({ matrix: 6, fullRange: false });
    await encoder.feed(paint(format, bars(...(isRgb ? RGB : YUV))), 0n);
    await encoder.drain();
    const decoded = await decode("h264", annexB(encoder.packets.map((packet) => packet.data)));
    expect(decoded.length).toBe((WIDTH * HEIGHT * 3) / 2);
    YUV.forEach((expected, bar) => {
      const x = Math.floor(((bar + 0.5) * WIDTH) / YUV.length);
      expectNear(yuvAt(decoded, WIDTH, HEIGHT, x, HEIGHT / 2), expected, 4);
    });
  });
});
