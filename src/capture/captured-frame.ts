import type { StreamFormat } from "./stream-format.ts";

/** Where one plane of a frame lies, for native readers. */
export interface PlaneMemory {
  /** Address in this process. */
  readonly address: number;
  readonly byteCount: number;
  /** The dmabuf behind it, or -1. */
  readonly dmabufFd: number;
  /** Where the plane starts inside its dmabuf, bytes. */
  readonly dmabufOffset: number;
}

/** What a source knows of a frame. Immutable. */
export interface FrameMetadata {
  /** Counts the source's frames from 0; never reused, with holes where frames were lost. */
  readonly frameNumber: number;
  /** Start of exposure of the first row, ns, the sensor's own clock: the ground truth of time. */
  readonly sensorTimestampNs: bigint;
  /** CLOCK_MONOTONIC when the frame reached us, ns. Strictly increasing. */
  readonly monotonicNs: bigint;
  /** Wall clock (CLOCK_REALTIME) at the same moment, ns since 1970. */
  readonly realtimeNs: bigint;
  /** The sensor's frame duration, ns; 0 where the source does not say. */
  readonly frameDurationNs: number;
}

/**
 * One picture of the sensor: immutable metadata and a *borrowed* view of its pixels.
 *
 * The frame starts with one holder. Whoever keeps it beyond the call in which it was handed over calls `retain()`
 * first; each holder calls `release()` once. At the last release the buffer goes back to the source and the pixels
 * are no longer ours.
 */
export class CapturedFrame implements FrameMetadata {
  readonly frameNumber: number;
  readonly sensorTimestampNs: bigint;
  readonly monotonicNs: bigint;
  readonly realtimeNs: bigint;
  readonly frameDurationNs: number;
  readonly format: StreamFormat;
  readonly #pixels: BorrowedPixels;
  #holders = 1;

  constructor(metadata: FrameMetadata, format: StreamFormat, pixels: BorrowedPixels) {
    this.frameNumber = metadata.frameNumber;
    this.sensorTimestampNs = metadata.sensorTimestampNs;
    this.monotonicNs = metadata.monotonicNs;
    this.realtimeNs = metadata.realtimeNs;
    this.frameDurationNs = metadata.frameDurationNs;
    this.format = format;
    this.#pixels = pixels;
  }

  /** Planes for native readers, which bracket their own reads (DMA_BUF_IOCTL_SYNC). Valid until `release()`. */
  get planes(): readonly PlaneMemory[] {
    this.#assertHeld();
    return this.#pixels.planes;
  }

  /** Whether somebody holds it still: its buffer is not back at the source. */
  get isHeld(): boolean {
    return this.#holders > 0;
  }

  retain(): this {
    this.#assertHeld();
    this.#holders++;
    return this;
  }

  release(): void {
    this.#assertHeld();
    if (--this.#holders === 0) this.#pixels.giveBack();
  }

  #assertHeld(): void {
    if (this.#holders <= 0) throw new Error(`frame ${this.frameNumber} was used after its last release`);
  }
}

/** A source's buffer, lent to one frame. */
export interface BorrowedPixels {
  readonly planes: readonly PlaneMemory[];
  /** Called exactly once, at the last release. */
  giveBack(): void;
}
