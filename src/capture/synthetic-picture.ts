import { planeOffsets } from "./buffer-pool.ts";
import { drawFrameNumber } from "./frame-number-code.ts";
import { planeRows, type StreamFormat } from "./stream-format.ts";

/** Rows that the picture moves upwards from one frame to the next; even, so that chroma moves whole rows. */
const ROWS_PER_FRAME = 4;

/**
 * Paints YUV420 pictures that move: a texture twice as high as the picture, seen through a window that travels down
 * it, with the frame number in the top left corner. One copy per plane, so painting costs little more than memory
 * bandwidth.
 */
export class SyntheticPicture {
  readonly #format: StreamFormat;
  readonly #offsets: readonly number[];
  readonly #textures: readonly Uint8Array[];

  constructor(format: StreamFormat) {
    this.#format = format;
    this.#offsets = planeOffsets(format);
    this.#textures = format.strides.map((stride, plane) => texture(stride, planeRows(format, plane), plane));
  }

  /** Fills `bytes` (the planes one after the other) with the picture of `frameNumber`. */
  paint(bytes: Uint8Array, frameNumber: number): void {
    const { strides } = this.#format;
    const firstRow = (frameNumber * ROWS_PER_FRAME) % this.#format.height;
    this.#textures.forEach((plane, index) => {
      const stride = strides[index] ?? 0;
      const rows = planeRows(this.#format, index);
      const start = (index === 0 ? firstRow : firstRow / 2) * stride;
      bytes.set(plane.subarray(start, start + rows * stride), this.#offsets[index]);
    });
    drawFrameNumber(bytes, strides[0] ?? 0, frameNumber);
  }
}

/** Twice the plane's rows, the second half like the first: the window can travel round without a seam. */
function texture(stride: number, rows: number, plane: number): Uint8Array {
  const bytes = new Uint8Array(stride * rows * 2);
  const texel = plane === 0 ? lumaTexel(stride, rows) : chromaTexel(plane);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < stride; x++) bytes[y * stride + x] = texel(x, y);
  }
  bytes.copyWithin(stride * rows, 0, stride * rows);
  return bytes;
}

/** Soft diagonal waves under a checkerboard with fine grain. */
function lumaTexel(stride: number, rows: number): (x: number, y: number) => number {
  const falling = wave(stride + rows, 40, 61);
  const rising = wave(stride + 2 * rows, 30, 23);
  return (x, y) => {
    const board = ((x >> 6) + (y >> 6)) % 2 === 0 ? 14 : -14;
    const grain = ((x * 7919 + y * 104_729) >> 3) % 13;
    return 110 + (falling[x + y] ?? 0) + (rising[x + 2 * (rows - y)] ?? 0) + board + grain;
  };
}

/** Slow waves, one plane across and the other down. */
function chromaTexel(plane: number): (x: number, y: number) => number {
  return (x, y) => 128 + Math.round(60 * Math.sin((plane === 1 ? x : y) / 97 + plane));
}

function wave(length: number, amplitude: number, pixelsPerRadian: number): number[] {
  return Array.from({ length: length + 1 }, (_, index) => Math.round(amplitude * Math.sin(index / pixelsPerRadian)));
}
