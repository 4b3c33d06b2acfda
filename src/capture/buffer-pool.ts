import { abortable } from "../abortable.ts";
import { allocateDmaBuffers } from "../native/dma-heap.ts";
import type { BorrowedPixels, PlaneMemory } from "./captured-frame.ts";
import { frameMemoryOf } from "./frame-memory.ts";
import type { FrameMemory } from "./frame-source.ts";
import { OwnMemory } from "./own-memory.ts";
import type { PictureMemory } from "./picture-memory.ts";
import { planeRows, type StreamFormat } from "./stream-format.ts";

/** Made when needed only: at 30 frames/s an encoder may be held up for 0.7 s before a frame is lost. */
export const POOL_BUFFERS_MAX = 24;
/** After so many loans a pool looks which of its buffers it did without. */
const LOOK_EVERY_LOANS = 256;

/** One picture: all planes one after the other, as they lie in a raw file. */
export interface PoolBuffer extends BorrowedPixels {
  readonly bytes: Uint8Array;
  /** As `PictureMemory.write()`: every picture in a dmabuf is written through it. */
  write(fill: (bytes: Uint8Array) => void): void;
}

interface OwnedBuffer extends PoolBuffer {
  readonly memory: PictureMemory;
}

/**
 * Picture buffers, lent and given back: what a camera's buffers are to a source without a camera. Overflow rule:
 * `take()` gives undefined, and the source loses that frame, as a camera does.
 */
export class BufferPool implements Disposable {
  /** Where the buffers lie as dmabufs; undefined for memory of our own. */
  readonly frameMemory: FrameMemory | undefined;
  readonly #format: StreamFormat;
  readonly #free: OwnedBuffer[];
  #unmade: number;
  /** Made when needed and let go of when not: a camera's own stay as they are. */
  readonly #isElastic: boolean;
  #loans = 0;
  /** The fewest that lay here since the last look. */
  #leastFree = 0;
  #isClosed = false;
  /** Who waits for a buffer. */
  #returned: PromiseWithResolvers<void> | undefined;

  /** A pool of dmabufs, all made at once as a camera's are. Throws `camera_unavailable` where there is no memory for them. */
  static async inDmabufs(format: StreamFormat, bufferCount: number): Promise<BufferPool> {
    return new BufferPool(format, await allocateDmaBuffers(pictureBytes(format), bufferCount));
  }

  /** `buffers`: how many, made of our own memory when they are first needed; or the memory of each, which becomes the pool's. */
  constructor(format: StreamFormat, buffers: number | readonly PictureMemory[]) {
    const memories = typeof buffers === "number" ? [] : buffers;
    this.#format = format;
    this.#free = memories.map((memory) => this.#bufferIn(memory));
    this.#unmade = typeof buffers === "number" ? buffers : 0;
    this.#isElastic = typeof buffers === "number";
    this.frameMemory = frameMemoryOf(this.#free.map(({ planes }) => planes));
  }

  take(): PoolBuffer | undefined {
    const free = this.#free.pop();
    this.#leastFree = Math.min(this.#leastFree, this.#free.length);
    if (this.#isElastic && ++this.#loans % LOOK_EVERY_LOANS === 0) this.#letGoOfIdle();
    if (free !== undefined || this.#unmade === 0) return free;
    this.#unmade--;
    return this.#bufferIn(new OwnMemory(pictureBytes(this.#format)));
  }

  /** Waits for a buffer: for sources that lose nothing by it. Aborting rejects with the signal's reason. */
  async takeWhenFree(signal: AbortSignal): Promise<PoolBuffer> {
    for (;;) {
      signal.throwIfAborted();
      const buffer = this.take();
      if (buffer !== undefined) return buffer;
      this.#returned ??= Promise.withResolvers();
      await abortable(this.#returned.promise, signal);
    }
  }

  /** Frees the memory: what is lent stays readable until it comes back. Nothing is lent any more. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#unmade = 0;
    for (const { memory } of this.#free.splice(0)) memory.free();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Of what a hiccup made necessary, only so much stays as is used. */
  #letGoOfIdle(): void {
    for (const { memory } of this.#free.splice(0, this.#leastFree)) memory.free();
    this.#unmade += this.#leastFree;
    this.#leastFree = this.#free.length;
  }

  #bufferIn(memory: PictureMemory): OwnedBuffer {
    const buffer: OwnedBuffer = {
      memory,
      bytes: memory.bytes,
      write: (fill) => memory.write(fill),
      planes: planesOf(memory, this.#format),
      giveBack: () => this.#takeBack(buffer),
    };
    return buffer;
  }

  #takeBack(buffer: OwnedBuffer): void {
    if (this.#isClosed) {
      buffer.memory.free();
      return;
    }
    this.#free.push(buffer);
    this.#returned?.resolve();
    this.#returned = undefined;
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

function planesOf(memory: PictureMemory, format: StreamFormat): PlaneMemory[] {
  const { address, dmabufFd, bytes } = memory;
  const offsets = planeOffsets(format);
  return offsets.map((offset, plane) => ({
    address: address + offset,
    byteCount: (offsets[plane + 1] ?? bytes.length) - offset,
    dmabufFd,
    dmabufOffset: dmabufFd < 0 ? 0 : offset,
  }));
}
