import { abortable } from "../abortable.ts";
import { addressOf } from "../native/memory.ts";
import type { BorrowedPixels, PlaneMemory } from "./captured-frame.ts";
import { planeRows, type StreamFormat } from "./stream-format.ts";

/** Made when needed only: at 30 frames/s an encoder may be held up for 0.7 s before a frame is lost. */
export const POOL_BUFFERS_MAX = 24;

/** One picture in our own memory: all planes one after the other, as they lie in a raw file. */
export interface PoolBuffer extends BorrowedPixels {
  readonly bytes: Uint8Array;
}

/**
 * Picture buffers, lent and given back: what a camera's buffers are to a source without a camera. They are made when
 * they are first needed, up to the given number. Overflow rule: `take()` gives undefined, and the source loses that
 * frame, as a camera does.
 */
export class BufferPool {
  readonly #format: StreamFormat;
  readonly #free: PoolBuffer[] = [];
  #unmade: number;
  #returned = Promise.withResolvers<void>();

  constructor(format: StreamFormat, bufferCount: number) {
    this.#format = format;
    this.#unmade = bufferCount;
  }

  take(): PoolBuffer | undefined {
    const free = this.#free.pop();
    if (free !== undefined || this.#unmade === 0) return free;
    this.#unmade--;
    return this.#allocate();
  }

  /** Waits for a buffer: for sources that lose nothing by it. Aborting rejects with the signal's reason. */
  async takeWhenFree(signal: AbortSignal): Promise<PoolBuffer> {
    for (;;) {
      signal.throwIfAborted();
      const buffer = this.take();
      if (buffer !== undefined) return buffer;
      await abortable(this.#returned.promise, signal);
    }
  }

  #allocate(): PoolBuffer {
    // The engine may move the bytes of a small typed array, never those of an ArrayBuffer.
    const bytes = new Uint8Array(new ArrayBuffer(pictureBytes(this.#format)));
    const buffer: PoolBuffer = {
      bytes,
      planes: planesOf(bytes, this.#format),
      giveBack: () => {
        this.#free.push(buffer);
        this.#returned.resolve();
        this.#returned = Promise.withResolvers();
      },
    };
    return buffer;
  }
}

/** Bytes of a picture whose planes lie one after the other. */
export function pictureBytes(format: StreamFormat): number {
  return format.strides.reduce((sum, stride, plane) => sum + stride * planeRows(format, plane), 0);
}

/** Byte offset of each plane. */
export function planeOffsets(format: StreamFormat): number[] {
  let offset = 0;
  return format.strides.map((stride, plane) => {
    const start = offset;
    offset += stride * planeRows(format, plane);
    return start;
  });
}

function planesOf(bytes: Uint8Array, format: StreamFormat): PlaneMemory[] {
  const address = addressOf(bytes);
  const offsets = planeOffsets(format);
  return offsets.map((offset, plane) => ({
    address: address + offset,
    byteCount: (offsets[plane + 1] ?? bytes.length) - offset,
    dmabufFd: -1,
    dmabufOffset: 0,
  }));
}
