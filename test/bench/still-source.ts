import { ArrivalClocks } from "../../src/capture/arrival-clocks.ts";
import { BufferPool } from "../../src/capture/buffer-pool.ts";
import { CapturedFrame } from "../../src/capture/captured-frame.ts";
import { FramePacer } from "../../src/capture/frame-pacer.ts";
import type { FrameSource, FrameSourceEvents, StreamInfo } from "../../src/capture/frame-source.ts";
import type { StreamFormat } from "../../src/capture/stream-format.ts";

const BUFFER_COUNT = 6;

/** A camera that costs nothing but its frames' records: the pictures in its dmabufs never change. */
export class StillSource implements FrameSource {
  readonly #format: StreamFormat;
  readonly #frameDurationNs: number;
  readonly #clocks = new ArrivalClocks();
  #pool: BufferPool | undefined;
  #pacer: FramePacer | undefined;

  constructor(format: StreamFormat, frameRate: number) {
    this.#format = format;
    this.#frameDurationNs = Math.round(1e9 / frameRate);
  }

  async open(events: FrameSourceEvents): Promise<StreamInfo> {
    const pool = await BufferPool.inDmabufs(this.#format, BUFFER_COUNT);
    this.#pool = pool;
    this.#pacer = new FramePacer(this.#frameDurationNs, (frameNumber, sensorTimestampNs) => {
      const buffer = pool.take();
      if (buffer === undefined) return;
      const metadata = { frameNumber, sensorTimestampNs, frameDurationNs: this.#frameDurationNs };
      events.onFrame(new CapturedFrame({ ...metadata, ...this.#clocks.read() }, this.#format, buffer));
    });
    this.#pacer.start();
    return {
      cameraId: "still",
      model: "still",
      format: this.#format,
      bufferCount: BUFFER_COUNT,
      frameDurationNs: this.#frameDurationNs,
      memory: pool.frameMemory,
    };
  }

  async close(): Promise<void> {
    this.#pacer?.stop();
    this.#pool?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
