import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { ArrivalClocks } from "../../src/capture/arrival-clocks.ts";
import { BufferPool } from "../../src/capture/buffer-pool.ts";
import { CapturedFrame } from "../../src/capture/captured-frame.ts";
import type { FrameSource, FrameSourceEvents, StreamInfo } from "../../src/capture/frame-source.ts";
import type { StreamFormat } from "../../src/capture/stream-format.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";

const BUFFER_COUNT = 8; // as many as PicamSource asks for
/** What the recorder leaves with a camera: frames in them would be dropped as soon as they are offered. */
const BUFFERS_KEPT = 2;

export type Pace = "real-time" | "as-fast-as-it-goes";

/**
 * A camera that costs this process what a real one does: a record for each frame and, in real time, a wake-up by a socket
 * (another process keeps the time). The pictures in its dmabufs never change.
 */
export class StillSource implements FrameSource {
  readonly #format: StreamFormat;
  readonly #frameRate: number;
  readonly #pace: Pace;
  readonly #clocks = new ArrivalClocks();
  readonly #directory = new TemporaryDirectory();
  readonly #closing = new AbortController();
  #listener: Bun.UnixSocketListener<undefined> | undefined;
  #ticker: Bun.Subprocess | undefined;
  #pool: BufferPool | undefined;
  #events: FrameSourceEvents | undefined;
  #frames = 0;

  constructor(format: StreamFormat, frameRate: number, pace: Pace) {
    this.#format = format;
    this.#frameRate = frameRate;
    this.#pace = pace;
  }

  async open(events: FrameSourceEvents): Promise<StreamInfo> {
    const isRealTime = this.#pace === "real-time";
    this.#pool = await BufferPool.inDmabufs(this.#format, isRealTime ? BUFFER_COUNT : BUFFER_COUNT - BUFFERS_KEPT);
    this.#events = events;
    if (isRealTime) this.#listenToTicker();
    else void this.#deliverAll(this.#pool).catch(() => undefined);
    return {
      cameraId: "still",
      model: "still",
      format: this.#format,
      bufferCount: BUFFER_COUNT,
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
    return Math.round(1e9 / this.#frameRate);
  }

  #listenToTicker(): void {
    const path = this.#directory.file("tick.sock");
    const onTicks = (ticks: Uint8Array) => {
      for (const _tick of ticks) this.#deliver(this.#pool?.take());
    };
    this.#listener = Bun.listen({ unix: path, socket: { data: (_socket, ticks) => onTicks(ticks) } });
    this.#ticker = Bun.spawn([process.execPath, join(import.meta.dir, "ticker.ts"), path, String(this.#frameRate)], {
      env: { ...process.env, LD_PRELOAD: "" },
    });
  }

  /** A frame for each buffer that comes back, until the source is closed. */
  async #deliverAll(pool: BufferPool): Promise<never> {
    for (;;) {
      this.#deliver(await pool.takeWhenFree(this.#closing.signal));
      await setImmediate(); // the event loop's other work comes as well
    }
  }

  /** No buffer: the sensor's frame is lost, as with a real camera. */
  #deliver(buffer: ReturnType<BufferPool["take"]>): void {
    const frameNumber = this.#frames++;
    if (buffer === undefined || this.#events === undefined) return;
    const { monotonicNs, realtimeNs } = this.#clocks.read();
    // Faster than real time, the sensor's clock keeps its rate all the same.
    const sensorTimestampNs =
      this.#pace === "real-time" ? monotonicNs : BigInt(frameNumber + 1) * BigInt(this.#frameDurationNs);
    const frameDurationNs = this.#frameDurationNs;
    const metadata = { frameNumber, sensorTimestampNs, monotonicNs, realtimeNs, frameDurationNs };
    this.#events.onFrame(new CapturedFrame(metadata, this.#format, buffer));
  }
}
