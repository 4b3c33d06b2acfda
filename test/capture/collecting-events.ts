import type { CapturedFrame } from "../../src/capture/captured-frame.ts";
import type { FrameSourceEvents } from "../../src/capture/frame-source.ts";
import type { RuntimeError } from "../../src/errors.ts";
import { waitUntil } from "../log/wait-until.ts";

/** What is remembered of a frame, pixels included where they were asked for. */
export interface SeenFrame {
  readonly frameNumber: number;
  readonly sensorTimestampNs: bigint;
  readonly monotonicNs: bigint;
  readonly realtimeNs: bigint;
  readonly frameDurationNs: number;
  readonly arrivedMs: number;
}

/** Takes a source's events; frames are looked at and released, or kept. */
export class CollectingEvents implements FrameSourceEvents {
  readonly frames: SeenFrame[] = [];
  readonly kept: CapturedFrame[] = [];
  readonly failures: RuntimeError[] = [];
  badFrames = 0;
  /** Every frame is kept until `releaseAll()`. */
  keeps = false;
  readonly #look: (frame: CapturedFrame) => void;

  constructor(look: (frame: CapturedFrame) => void = () => {}) {
    this.#look = look;
  }

  onFrame(frame: CapturedFrame): void {
    const { frameNumber, sensorTimestampNs, monotonicNs, realtimeNs, frameDurationNs } = frame;
    this.frames.push({
      ...{ frameNumber, sensorTimestampNs, monotonicNs, realtimeNs, frameDurationNs },
      arrivedMs: performance.now(),
    });
    this.#look(frame);
    if (this.keeps) this.kept.push(frame);
    else frame.release();
  }

  onBadFrame(_reason: "frame_error" | "capture_overflow", frameCount: number): void {
    this.badFrames += frameCount;
  }

  onFailure(error: RuntimeError): void {
    this.failures.push(error);
  }

  get numbers(): number[] {
    return this.frames.map(({ frameNumber }) => frameNumber);
  }

  releaseAll(): void {
    for (const frame of this.kept.splice(0)) frame.release();
  }

  async untilFrames(count: number): Promise<void> {
    await waitUntil(`${count} frames`, () => this.frames.length >= count, 15_000);
  }

  async untilFailure(): Promise<RuntimeError | undefined> {
    await waitUntil("a failure", () => this.failures.length > 0, 15_000);
    return this.failures[0];
  }
}

export const never = new AbortController().signal;
