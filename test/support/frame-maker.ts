import { BufferPool, type PoolBuffer } from "../../src/capture/buffer-pool.ts";
import { CapturedFrame } from "../../src/capture/captured-frame.ts";
import type { StreamInfo } from "../../src/capture/frame-source.ts";
import { type PixelFormat, REC709, type StreamFormat } from "../../src/capture/stream-format.ts";
import { SyntheticPicture } from "../../src/capture/synthetic-picture.ts";

export interface FrameMakerOptions {
  readonly width?: number;
  readonly height?: number;
  readonly frameRate?: number;
  /** Pictures that there is memory for. */
  readonly pictures?: number;
  /** What the source says of itself: it bounds what the recorder's encoder may hold. */
  readonly bufferCount?: number;
  readonly pixelFormat?: PixelFormat;
  /** Each frame says how long it lasted, as a Raspberry Pi's do; true unless told. */
  readonly reportsDuration?: boolean;
}

/** An odd number beyond 2^53: a Number can't hold it. */
const START_NS = 1_234_567_890_123_456_789n;
const MONOTONIC_START_NS = 156_789_123_456_789n;
const REALTIME_START_NS = 1_767_748_502_723_745_000n;

/** Numbered frames with made-up times, as fast as they are asked for. */
export class FrameMaker {
  readonly info: StreamInfo;
  readonly #pool: BufferPool;
  readonly #picture: SyntheticPicture;
  readonly #reportsDuration: boolean;
  #number = -1;
  #held = 0;

  constructor(options: FrameMakerOptions = {}) {
    const { width = 160, height = 96, frameRate = 60, pictures = 24, bufferCount = 66 } = options;
    const format: StreamFormat = {
      width,
      height,
      pixelFormat: options.pixelFormat ?? "YUV420",
      strides: [width, width / 2, width / 2],
      colour: REC709,
    };
    const frameDurationNs = Math.round(1e9 / frameRate);
    this.info = { cameraId: "made-up", model: "made-up", format, bufferCount, frameDurationNs };
    this.#pool = new BufferPool(format, pictures);
    this.#picture = new SyntheticPicture(format);
    this.#reportsDuration = options.reportsDuration ?? true;
  }

  /** Frames that somebody still holds. */
  get held(): number {
    return this.#held;
  }

  get lastNumber(): number {
    return this.#number;
  }

  /** Of the frame with this number. */
  sensorTimestampNs(number: number): bigint {
    return START_NS + BigInt(number) * BigInt(this.info.frameDurationNs);
  }

  /** The next frame; `step` above 1 leaves frames out, as a sensor gap does. Throws where all pictures are held. */
  next({ step = 1, offsetNs = 0 }: { step?: number; offsetNs?: number } = {}): CapturedFrame {
    const buffer = this.#pool.take();
    if (buffer === undefined) throw new Error("every picture is held");
    return this.#frame(buffer, step, offsetNs);
  }

  /** Waits for a picture that nobody holds. */
  async nextWhenFree({ step = 1 }: { step?: number } = {}): Promise<CapturedFrame> {
    return this.#frame(await this.#pool.takeWhenFree(AbortSignal.timeout(10_000)), step, 0);
  }

  #frame(buffer: PoolBuffer, step: number, offsetNs: number): CapturedFrame {
    this.#number += step;
    this.#held++;
    const elapsedNs = BigInt(this.#number) * BigInt(this.info.frameDurationNs);
    this.#picture.paint(buffer.bytes, this.#number);
    const metadata = {
      frameNumber: this.#number,
      sensorTimestampNs: this.sensorTimestampNs(this.#number) + BigInt(offsetNs),
      monotonicNs: MONOTONIC_START_NS + elapsedNs,
      realtimeNs: REALTIME_START_NS + elapsedNs,
      frameDurationNs: this.#reportsDuration ? this.info.frameDurationNs : 0,
    };
    const giveBack = (): void => {
      this.#held--;
      buffer.giveBack();
    };
    return new CapturedFrame(metadata, this.info.format, { planes: buffer.planes, giveBack });
  }
}
