import { setImmediate } from "node:timers/promises";
import { RuntimeError, toRuntimeError } from "../errors.ts";
import { monotonicNs } from "../native/clocks.ts";
import { sleep } from "../sleep.ts";
import { ArrivalClocks } from "./arrival-clocks.ts";
import { BufferPool, POOL_BUFFERS_MAX, type PoolBuffer } from "./buffer-pool.ts";
import { CapturedFrame } from "./captured-frame.ts";
import type { FrameSource, FrameSourceEvents, StreamInfo } from "./frame-source.ts";
import { PictureFile, type RawPictureLayout } from "./picture-file.ts";

export interface ReplaySourceOptions {
  readonly path: string;
  /** What a raw file's bytes are; undefined for Y4M. */
  readonly raw: RawPictureLayout | undefined;
  /** Frames per second; undefined: the rate that the file names, else 30. */
  readonly frameRate: number | undefined;
  /** `free`: as fast as its frames are taken; their sensor timestamps keep the frame rate all the same. Absent: real time. */
  readonly pace?: "free" | undefined;
}

const FALLBACK_FRAME_RATE = 30;

/** What a recording leaves with a camera: frames in them would be dropped as soon as they are offered. */
const BUFFERS_KEPT = 2;
/** One is encoded while the next one is read or waits: as few as that stay in the processor's caches. */
const FREE_PACE_BUFFERS = 2;

/** Plays a file of uncompressed pictures, round and round. A file waits where a camera would lose frames. */
export class ReplaySource implements FrameSource {
  readonly #options: ReplaySourceOptions;
  readonly #stop = new AbortController();
  readonly #clocks = new ArrivalClocks();
  #playing: Promise<void> = Promise.resolve();
  #opened = false;

  constructor(options: ReplaySourceOptions) {
    this.#options = options;
  }

  async open(events: FrameSourceEvents, signal: AbortSignal): Promise<StreamInfo> {
    if (this.#opened) throw new Error("a source opens once");
    this.#opened = true;
    signal.throwIfAborted();
    const file = await PictureFile.open(this.#options.path, this.#options.raw, { isBlocking: this.#isFree });
    try {
      signal.throwIfAborted();
      this.#stop.signal.throwIfAborted();
    } catch (error) {
      await file[Symbol.asyncDispose]();
      throw error;
    }
    const frameRate = this.#options.frameRate ?? file.frameRate ?? FALLBACK_FRAME_RATE;
    const info: StreamInfo = {
      cameraId: `replay:${this.#options.path}`,
      model: "replay",
      format: file.format,
      bufferCount: POOL_BUFFERS_MAX,
      frameDurationNs: Math.round(1e9 / frameRate),
    };
    this.#playing = this.#play(file, info, events);
    return info;
  }

  async close(): Promise<void> {
    this.#stop.abort(new RuntimeError("camera_failed", "the file to replay was closed"));
    await this.#playing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get #isFree(): boolean {
    return this.#options.pace === "free";
  }

  async #play(openFile: PictureFile, info: StreamInfo, events: FrameSourceEvents): Promise<void> {
    const { signal } = this.#stop;
    try {
      await using file = openFile;
      using pool = new BufferPool(info.format, this.#isFree ? FREE_PACE_BUFFERS : info.bufferCount - BUFFERS_KEPT);
      const startNs = monotonicNs();
      for (let index = 0; !signal.aborted; index++) {
        const buffer = await pool.takeWhenFree(signal);
        await file.read(buffer.bytes);
        const dueNs = startNs + BigInt(index) * BigInt(info.frameDurationNs);
        // The event loop gets its turn also where nothing is waited for.
        if (this.#isFree) await setImmediate();
        else await sleep(Math.max(0, Number(dueNs - monotonicNs()) / 1e6), signal);
        events.onFrame(this.#frame(index, dueNs, info, buffer));
      }
    } catch (error) {
      if (!signal.aborted) events.onFailure(toRuntimeError(error, "camera_failed"));
    }
  }

  #frame(index: number, dueNs: bigint, info: StreamInfo, buffer: PoolBuffer): CapturedFrame {
    const metadata = {
      frameNumber: index,
      sensorTimestampNs: dueNs,
      ...this.#clocks.read(),
      frameDurationNs: info.frameDurationNs,
    };
    return new CapturedFrame(metadata, info.format, buffer);
  }
}
