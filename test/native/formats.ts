import { type Colour, type PixelFormat, REC709, type StreamFormat } from "../../src/capture/stream-format.ts";
import type { NativeEncoderConfig } from "../../src/native/encoder-structs.ts";

const BYTES_OF_ROW: Record<PixelFormat, (width: number) => number[]> = {
  YUV420: (width) => [width, Math.ceil(width / 2), Math.ceil(width / 2)],
  NV12: (width) => [width, 2 * Math.ceil(width / 2)],
  RGB888: (width) => [3 * width],
  BGR888: (width) => [3 * width],
  YUYV: (width) => [4 * Math.ceil(width / 2)],
};

/** `padding`: bytes that each plane's stride is above its row. */
export function formatOf(
  pixelFormat: PixelFormat,
  width: number,
  height: number,
  { padding = 0, colour = REC709 }: { padding?: number; colour?: Colour } = {},
): StreamFormat {
  return {
    width,
    height,
    pixelFormat,
    strides: BYTES_OF_ROW[pixelFormat](width).map((bytes) => bytes + padding),
    colour,
  };
}

export function configOf(input: StreamFormat, changes: Partial<NativeEncoderConfig> = {}): NativeEncoderConfig {
  return {
    input,
    outputWidth: input.width,
    outputHeight: input.height,
    frameRate: 30,
    bitrate: 4_000_000,
    keyIntervalFrames: 30,
    levelIdc: 42,
    quality: 90,
    queueFramesMax: 4,
    codec: "h264",
    bufferCount: 0,
    ...changes,
  };
}

/** For the image library, which encodes to JPEG only. */
export function jpegConfigOf(input: StreamFormat, changes: Partial<NativeEncoderConfig> = {}): NativeEncoderConfig {
  return configOf(input, { codec: "jpeg", ...changes });
}
