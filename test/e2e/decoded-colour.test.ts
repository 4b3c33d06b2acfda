import { expect, test } from "bun:test";
import { planeOffsets, pictureBytes } from "../../src/capture/buffer-pool.ts";
import { SMPTE170M, type StreamFormat } from "../../src/capture/stream-format.ts";
import { SyntheticPicture } from "../../src/capture/synthetic-picture.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { decodeFrameNumbers, decodePictures } from "../support/decode-video.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { psnr } from "../support/psnr.ts";
import { assign, record } from "../support/record.ts";

const [width, height] = [320, 240];
const PICTURES = 20;
const PLANES = ["luma", "blue", "red"];

/** A picture of the synthetic camera as a decoder gives it: without padding between rows. */
function sourcePicture(frameNumber: number): Uint8Array {
  const format: StreamFormat = { width, height, pixelFormat: "YUV420", strides: [512, 256, 256], colour: SMPTE170M };
  const padded = new Uint8Array(pictureBytes(format));
  new SyntheticPicture(format).paint(padded, frameNumber);
  const offsets = planeOffsets(format);
  const rows = format.strides.flatMap((stride, plane) => {
    const [columns, rowCount] = plane === 0 ? [width, height] : [width / 2, height / 2];
    const start = offsets[plane] ?? 0;
    return Array.from({ length: rowCount }, (_, y) =>
      padded.subarray(start + y * stride, start + y * stride + columns),
    );
  });
  return Buffer.concat(rows);
}

function planesOf(picture: Uint8Array): Uint8Array[] {
  const luma = width * height;
  return [picture.subarray(0, luma), picture.subarray(luma, luma * 1.25), picture.subarray(luma * 1.25)];
}

test.concurrent.each([
  ["h264", "yuv420p"],
  ["mjpeg", "yuvj420p"],
])(
  "decoded %s pictures have the colours of the camera's pictures",
  async (codec, pixelFormat) => {
    using directory = new TemporaryDirectory();
    await using host = new ModuleProcess(["--source", "synthetic", "--size", `${width}x${height}`, "--codec", codec]);
    await assign(host);
    const { video } = await record(host, directory.path, PICTURES);
    const numbers = await decodeFrameNumbers(video);
    const decoded = await decodePictures(video, {
      pixelFormat,
      pictureBytes: (width * height * 3) / 2,
      count: PICTURES,
    });
    expect(decoded).toHaveLength(PICTURES);
    decoded.forEach((picture, index) => {
      const source = planesOf(sourcePicture(numbers[index] ?? Number.NaN));
      planesOf(picture).forEach((plane, number) => {
        const decibels = psnr(plane, source[number] ?? new Uint8Array());
        if (decibels < 30)
          throw new Error(`picture ${index}: ${PLANES[number]} has ${decibels} dB, expected 30 at least`);
      });
    });
  },
  30_000,
);
