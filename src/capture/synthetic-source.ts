import { RuntimeError, toRuntimeError } from "../errors.ts";
import { sleep } from "../sleep.ts";
import { ArrivalClocks } from "./arrival-clocks.ts";
import { BufferPool, POOL_BUFFERS_MAX } from "./buffer-pool.ts";
import { CapturedFrame } from "./captured-frame.ts";
import { FramePacer } from "./frame-pacer.ts";
import type { FrameSource, FrameSourceEvents, StreamInfo } from "./frame-source.ts";
import { type Colour, paddedYuv420, type StreamFormat } from "./stream-format.ts";
import { SyntheticFaults } from "./synthetic-faults.ts";
import { SyntheticPicture } from "./synthetic-picture.ts";

export interface SyntheticSourceOptions {
  /** Even numbers, at least 128 × 80. */
  readonly width: number;
  readonly height: number;
  /** Frames per second. */
  readonly frameRate: number;
  readonly colour: Colour;
  /** Pictures lie in dmabufs, as a camera's do, instead of our own memory. */
  readonly inDmabufs?: boolean;
  readonly faults?: SyntheticFaults;
}

/** As many as a camera may have (`CSI_BUFFERS_MAX`). */
const DMABUF_COUNT = 16;

/** A camera made of nothing: real-time, moving YUV420 pictures that carry their frame number, and faults on demand. */
export class SyntheticSource implements FrameSource {
  readonly #format: StreamFormat;
  readonly #frameDurationNs: number;
  readonly #inDmabufs: boolean;
  readonly #faults: SyntheticFaults;
  readonly #clocks = new ArrivalClocks();
  #state: "new" | "opening" | "streaming" | "closed" = "new";
  #pool: BufferPool | undefined;
  #picture: SyntheticPicture | undefined;
  #pacer: FramePacer | undefined;
  #delivered = 0;
  #lostFrames = 0;

  constructor(options: SyntheticSourceOptions) {
    this.#faults = options.faults ?? SyntheticFaults.parse({});
    this.#inDmabufs = options.inDmabufs ?? false;
    this.#format = formatOf(options);
    this.#frameDurationNs = Math.round(1e9 / options.frameRate);
  }

  async open(events: FrameSourceEvents, signal: AbortSignal): Promise<StreamInfo> {
    if (this.#state !== "new") throw new Error(`a source opens once; this one is ${this.#state}`);
    this.#state = "opening";
    if (this.#faults.open_delay > 0) await sleep(this.#faults.open_delay, signal);
    signal.throwIfAborted();
    this.#failAsScripted();
    const bufferCount = this.#inDmabufs ? DMABUF_COUNT : POOL_BUFFERS_MAX;
    const pool = this.#inDmabufs
      ? await BufferPool.inDmabufs(this.#format, bufferCount)
      : new BufferPool(this.#format, bufferCount);
    if (this.#isClosed || signal.aborted) {
      pool.close();
      signal.throwIfAborted();
      throw new RuntimeError("camera_failed", "the camera was closed while it opened");
    }
    this.#pool = pool;
    this.#picture = new SyntheticPicture(this.#format);
    this.#pacer = new FramePacer(this.#frameDurationNs, (index, dueNs) => this.#due(index, dueNs, events));
    this.#state = "streaming";
    this.#pacer.start(this.#faults.first_frame_delay);
    return {
      cameraId: "synthetic",
      model: "synthetic",
      format: this.#format,
      bufferCount,
      frameDurationNs: this.#frameDurationNs,
      memory: pool.frameMemory,
    };
  }

  async close(): Promise<void> {
    this.#state = "closed";
    this.#pacer?.stop();
    this.#pacer = undefined;
    this.#pool?.close();
    this.#pool = undefined;
    this.#picture = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  // A getter: close() may have run while open() waited.
  get #isClosed(): boolean {
    return this.#state === "closed";
  }

  #failAsScripted(): void {
    if (this.#faults.open_fails === "not_found") throw new RuntimeError("camera_not_found", "Camera not found");
    if (this.#faults.open_fails === "busy") {
      throw new RuntimeError("camera_busy", "camera synthetic is held by another process");
    }
  }

  #due(index: number, dueNs: bigint, events: FrameSourceEvents): void {
    const { gap, stall, lost, bad_frame } = this.#faults;
    if (stall !== undefined && this.#delivered >= stall) return;
    if (lost !== undefined && this.#delivered >= lost) {
      this.#fail(new RuntimeError("camera_lost", "camera synthetic was unplugged"), events);
      return;
    }
    if (gap !== undefined && this.#delivered > 0 && this.#delivered % gap.every === 0 && this.#lostFrames < gap.lost) {
      this.#lostFrames++;
      return;
    }
    this.#lostFrames = 0;
    this.#delivered++;
    if (bad_frame !== undefined && this.#delivered % bad_frame === 0) events.onBadFrame("frame_error", 1, index);
    else this.#deliver(index, dueNs, events);
  }

  #deliver(index: number, dueNs: bigint, events: FrameSourceEvents): void {
    const [picture, buffer] = [this.#picture, this.#pool?.take()];
    // No buffer: the sensor's frame is lost, as with a real camera whose buffers are all held.
    if (buffer === undefined || picture === undefined) return;
    try {
      buffer.write((bytes) => picture.paint(bytes, index));
    } catch (error) {
      buffer.giveBack();
      this.#fail(toRuntimeError(error), events);
      return;
    }
    const metadata = {
      frameNumber: index,
      sensorTimestampNs: dueNs + jitterNs(index, this.#faults.jitter),
      ...this.#clocks.read(),
      frameDurationNs: this.#frameDurationNs,
    };
    events.onFrame(new CapturedFrame(metadata, this.#format, buffer));
  }

  #fail(error: RuntimeError, events: FrameSourceEvents): void {
    this.#pacer?.stop();
    events.onFailure(error);
  }
}

/** Its rows are padded, so that nobody takes the stride for the width. */
function formatOf({ width, height, colour }: SyntheticSourceOptions): StreamFormat {
  if (width < 128 || height < 80 || width % 2 !== 0 || height % 2 !== 0) {
    throw new RuntimeError(
      "camera_unsupported",
      `synthetic size ${width}x${height}: expected even numbers, at least 128x80`,
    );
  }
  return paddedYuv420({ width, height, colour });
}

/** A repeatable offset within ± `jitterUs`, ns. */
function jitterNs(index: number, jitterUs: number): bigint {
  if (jitterUs === 0) return 0n;
  const hash = Math.imul(index + 1, 2_654_435_761) >>> 0;
  return BigInt(Math.round((hash / 2 ** 31 - 1) * jitterUs * 1000));
}
