import { planeRows, type StreamFormat } from "../../../src/capture/stream-format.ts";

/** Pixels that the picture moves to the left from one frame to the next; even, so that chroma moves by whole samples. */
const STEP = 6;

/**
 * A picture with detail that moves, the same inside and outside of the VM. Made of one wide picture, of which each frame
 * shows another part: row copies are cheap, and pixels computed one by one are not, in software emulation.
 */
export class ScrollingPicture {
  readonly #format: StreamFormat;
  readonly #wide: readonly Uint8Array[];
  readonly #framesMax: number;

  /** `format`: YUV420 or NV12, without padding. */
  constructor(format: StreamFormat, framesMax: number) {
    this.#format = format;
    this.#framesMax = framesMax;
    this.#wide = format.strides.map((stride, plane) => {
      const wideStride = stride + this.#travel(plane) * framesMax;
      const bytes = new Uint8Array(wideStride * planeRows(format, plane));
      for (let index = 0; index < bytes.length; index++)
        bytes[index] = this.#sample(plane, index % wideStride, Math.floor(index / wideStride));
      return bytes;
    });
  }

  /** The planes of frame `index`. */
  planes(index: number): Uint8Array<ArrayBuffer>[] {
    if (index >= this.#framesMax) throw new Error(`frame ${index} of ${this.#framesMax}`);
    return this.#format.strides.map((stride, plane) => {
      const wide = this.#wide[plane] ?? new Uint8Array();
      const rows = planeRows(this.#format, plane);
      const wideStride = wide.length / rows;
      const bytes = new Uint8Array(new ArrayBuffer(stride * rows));
      for (let row = 0; row < rows; row++) {
        const from = row * wideStride + this.#travel(plane) * index;
        bytes.set(wide.subarray(from, from + stride), row * stride);
      }
      return bytes;
    });
  }

  /** Bytes from one frame to the next. */
  #travel(plane: number): number {
    return plane > 0 && this.#format.pixelFormat === "YUV420" ? STEP / 2 : STEP;
  }

  /** Video range, and another picture in each component. */
  #sample(plane: number, byte: number, row: number): number {
    if (plane === 0)
      return Math.round(125 + 70 * Math.sin(byte / 9) * Math.cos(row / 11) + 30 * Math.sin((byte + row) / 37));
    const interleaved = this.#format.pixelFormat === "NV12";
    const isCr = interleaved ? byte % 2 === 1 : plane === 2;
    const x = interleaved ? byte >> 1 : byte;
    return Math.round(128 + (isCr ? 60 * Math.sin(row / 13) : 60 * Math.sin(x / 7)) * Math.cos((x + row) / 29));
  }
}
