import { ptr } from "bun:ffi";
import type { PlaneMemory } from "../../src/capture/captured-frame.ts";
import { planeRows, type StreamFormat } from "../../src/capture/stream-format.ts";

/** Three components: R, G, B for RGB formats, Y, U, V for the others. */
export type Pixel = readonly [number, number, number];

/** A picture in memory of ours, for native readers. `memory` has to stay referenced for as long as they read. */
export interface TestPicture {
  readonly planes: readonly PlaneMemory[];
  readonly memory: readonly Uint8Array[];
}

/** What lies between the end of a row and the next one: nobody may see it in a picture. */
const PADDING = 0xee;

/** Vertical bars of equal width, from left to right. */
export function bars(...pixels: Pixel[]): (x: number, y: number, width: number) => Pixel {
  return (x, _y, width) => pixels[Math.min(pixels.length - 1, Math.floor((x * pixels.length) / width))] ?? [0, 0, 0];
}

/** A picture that differs from one `seed` to the next everywhere: work for an encoder. */
export function noise(seed: number): (x: number, y: number) => Pixel {
  return (x, y) => [(x * 7 + y * 13 + seed * 31) & 0xff, (x + seed * 5) & 0xff, (y + seed * 3) & 0xff];
}

export function paint(format: StreamFormat, pixelAt: (x: number, y: number, width: number) => Pixel): TestPicture {
  const memory = format.strides.map((stride, plane) => new Uint8Array(stride * planeRows(format, plane)).fill(PADDING));
  for (let y = 0; y < format.height; y++) {
    for (let x = 0; x < format.width; x++) store(format, memory, x, y, pixelAt(x, y, format.width));
  }
  const planes = memory.map((bytes) => ({
    address: ptr(bytes),
    byteCount: bytes.length,
    dmabufFd: -1,
    dmabufOffset: 0,
  }));
  return { planes, memory };
}

function store(format: StreamFormat, memory: Uint8Array[], x: number, y: number, [a, b, c]: Pixel): void {
  const put = (plane: number, row: number, byte: number, value: number) => {
    const bytes = memory[plane];
    if (bytes !== undefined) bytes[row * (format.strides[plane] ?? 0) + byte] = value;
  };
  const atChroma = x % 2 === 0 && y % 2 === 0;
  switch (format.pixelFormat) {
    case "YUV420":
      put(0, y, x, a);
      if (atChroma) put(1, y / 2, x / 2, b);
      if (atChroma) put(2, y / 2, x / 2, c);
      break;
    case "NV12":
      put(0, y, x, a);
      if (atChroma) put(1, y / 2, x, b);
      if (atChroma) put(1, y / 2, x + 1, c);
      break;
    case "YUYV":
      put(0, y, 2 * x, a);
      put(0, y, 2 * x + 1, x % 2 === 0 ? b : c);
      break;
    case "RGB888":
      [c, b, a].forEach((value, byte) => void put(0, y, 3 * x + byte, value));
      break;
    case "BGR888":
      [a, b, c].forEach((value, byte) => void put(0, y, 3 * x + byte, value));
      break;
  }
}
