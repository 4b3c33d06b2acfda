import { setImmediate } from "node:timers/promises";
import { ArrivalClocks } from "../../src/capture/arrival-clocks.ts";
import { BufferPool } from "../../src/capture/buffer-pool.ts";
import { CapturedFrame } from "../../src/capture/captured-frame.ts";
import type { FrameSource, FrameSourceEvents, StreamInfo } from "../../src/capture/frame-source.ts";
import { PICAM_BUFFERS } from "../../src/capture/picam-source.ts";
import { REC709, type StreamFormat } from "../../src/capture/stream-format.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { startTicker } from "./ticker/ticker.ts";

/** As a Raspberry Pi's camera lays it out: rows on 64 bytes, planes one after the other. */
export const STILL_FORMAT: StreamFormat = {
  width: 1456,
  height: 1088,
  pixelFormat: "YUV420",
  strides: [1472, 736, 736],
  colour: REC709,
};

/** What the recorder leaves with a camera: frames in them would be dropped as soon as they are offered. */
const BUFFERS_KEPT = 2;

export type Pace = "real-time" | "as-fast-as-it-goes";

export interface StillSourceOptions {
  readonly format: StreamFormat;
  readonly frameRate: number;
  readonly pace: Pace;
  /** Else in memory of this process. */
  readonly inDmabufs: boolean;
}

/**
 * A camera that costs this process what a real one does: a record for each frame and, in real time, a wake-up by a socket
 * (another process keeps the time, and its own time is the sensor's; buildTicker() before). The pictures never change.
 */
export class StillSource implements FrameSource {
  readonly #options: StillSourceOptions;
  readonly #clocks = new ArrivalClocks();
  readonly #directory = new TemporaryDirectory();
  readonly #closing = new AbortController();
  #listener: Bun.UnixSocketListener<undefined> | undefined;
  #ticker: Bun.Subprocess | undefined;
  #pool: BufferPool | undefined;
  #events: FrameSourceEvents | undefined;
  #frames = 0;

  constructor(options: StillSourceOptions) {
    this.#options = options;
  }

  async open(events: FrameSourceEvents): Promise<StreamInfo> {
    const { format, pace, inDmabufs } = this.#options;
    const isRealTime = pace === "real-time";
    const count = isRealTime ? PICAM_BUFFERS : PICAM_BUFFERS - BUFFERS_KEPT;
    this.#pool = inDmabufs ? await BufferPool.inDmabufs(format, count) : new BufferPool(format, count);
    this.#events = events;
    if (isRealTime) this.#listenToTicker();
    else void this.#deliverAll(this.#pool).catch(() => undefined);
    return {
      cameraId: "still",
      model: "still",
      format,
      bufferCount: PICAM_BUFFERS,
      frameDurationNs: this.#frameDurationNs,
      memory: this.#pool.frameMemory,
    };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#ticker?.kill();
    this.#listener?.stop(true);
    this.#pool?.close();
    this.#directory[Symbol.dispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get #frameDurationNs(): number {
    return Math.round(1e9 / this.#options.frameRate);
  }

  #listenToTicker(): void {
    const path = this.#directory.file("tick.sock");
    const onTicks = (ticks: Buffer) => {
      for (let at = 0; at < ticks.length; at += 8) this.#deliver(this.#pool?.take(), ticks.readBigUInt64LE(at));
    };
    this.#listener = Bun.listen({ unix: path, socket: { data: (_socket, ticks) => onTicks(ticks) } });
    this.#ticker = startTicker(path, this.#options.frameRate);
  }

  /** A frame for each buffer that comes back, until the source is closed. */
  async #deliverAll(pool: BufferPool): Promise<never> {
    for (;;) {
      // Faster than real time, the sensor's clock keeps its rate all the same.
      const sensorTimestampNs = BigInt(this.#frames + 1) * BigInt(this.#frameDurationNs);
      this.#deliver(await pool.takeWhenFree(this.#closing.signal), sensorTimestampNs);
      await setImmediate(); // the event loop's other work comes as well
    }
  }

  /** No buffer: the sensor's frame is lost, as with a real camera. */
  #deliver(buffer: ReturnType<BufferPool["take"]>, sensorTimestampNs: bigint): void {
    const frameNumber = this.#frames++;
    if (buffer === undefined || this.#events === undefined) return;
    const { monotonicNs, realtimeNs } = this.#clocks.read();
    const frameDurationNs = this.#frameDurationNs;
    const metadata = { frameNumber, sensorTimestampNs, monotonicNs, realtimeNs, frameDurationNs };
    this.#events.onFrame(new CapturedFrame(metadata, this.#options.format, buffer));
  }
}
