import { open } from "node:fs/promises";
import { pictureBytes, planeOffsets } from "../../../src/capture/buffer-pool.ts";
import { planeRows, REC709, type StreamFormat } from "../../../src/capture/stream-format.ts";
import { SyntheticPicture } from "../../../src/capture/synthetic-picture.ts";

/** A raw file of YUV420 pictures, all planes one after the other, that every contender reads round and round. */
export interface Clip {
  readonly path: string;
  readonly format: StreamFormat;
  readonly frameCount: number;
  readonly pictureBytes: number;
}

/** Of how many pixels there is one of the squares that move over the background. */
const PIXELS_PER_SQUARE = 198_016;
/** Pixels per picture: this many speeds, from 2 on. */
const SPEEDS = 8;
const SQUARE_PIXELS = 160;
/** Values of noise, drawn once: each row of each picture reads them from another place on. */
const NOISE_VALUES = 1 << 20;

/** `stride`: bytes from one luma row to the next, chroma's being half of it. */
export function clipFormat(width: number, height: number, stride: number): StreamFormat {
  return { width, height, pixelFormat: "YUV420", strides: [stride, stride / 2, stride / 2], colour: REC709 };
}

/**
 * Writes the clip: a background that moves upwards, squares that cross it, and noise in every pixel that is new in every
 * picture, about as strong as a small sensor's indoors. The same bytes each time, and as busy a picture at any size.
 */
export async function makeClip(path: string, format: StreamFormat, frameCount: number): Promise<Clip> {
  const bytes = new Uint8Array(pictureBytes(format));
  const background = new SyntheticPicture(format);
  const random = randomNumbers(0x2545f491);
  const noise = Int8Array.from({ length: NOISE_VALUES }, () => (random() & 3) + ((random() >>> 8) & 3) - 3);
  await using file = await open(path, "w");
  for (let frame = 0; frame < frameCount; frame++) {
    background.paint(bytes, frame);
    drawSquares(bytes, format, frame);
    addNoise(bytes, format, noise, random);
    await file.writeFile(bytes);
  }
  return { path, format, frameCount, pictureBytes: bytes.length };
}

/** Copies luma from elsewhere in the picture, so that detail moves against the detail around it. */
function drawSquares(bytes: Uint8Array, { width, height, strides }: StreamFormat, frame: number): void {
  const stride = strides[0] ?? 0;
  const squares = Math.max(1, Math.round((width * height) / PIXELS_PER_SQUARE));
  for (let square = 0; square < squares; square++) {
    const left = (square * 173 + frame * ((square % SPEEDS) + 2)) % (width - SQUARE_PIXELS);
    const top = (square * 131 + frame * (square % 3)) % (height - SQUARE_PIXELS);
    const source = ((square * 97) % (height - SQUARE_PIXELS)) * stride;
    for (let row = 0; row < SQUARE_PIXELS; row++) {
      const from = source + row * stride;
      bytes.copyWithin((top + row) * stride + left, from, from + SQUARE_PIXELS);
    }
  }
}

/** The synthetic picture leaves room for it: nothing overflows a byte. */
function addNoise(bytes: Uint8Array, format: StreamFormat, noise: Int8Array, random: () => number): void {
  const offsets = planeOffsets(format);
  format.strides.forEach((stride, plane) => {
    const start = offsets[plane] ?? 0;
    for (let row = 0; row < planeRows(format, plane); row++) {
      const rowAt = start + row * stride;
      const noiseAt = random() % (NOISE_VALUES - stride);
      for (let x = 0; x < stride; x++) bytes[rowAt + x] = (bytes[rowAt + x] ?? 0) + (noise[noiseAt + x] ?? 0);
    }
  });
}

/** Marsaglia's xorshift32: whole numbers from 1 to 2^32 − 1. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>>= 0);
  };
}
