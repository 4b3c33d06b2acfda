import type { CapturedFrame } from "../capture/captured-frame.ts";
import { type RuntimeError, toRuntimeError } from "../errors.ts";
import type { FrameConsumer } from "../pipeline/frame-router.ts";
import { TimingGate } from "../pipeline/timing-gate.ts";
import { JpegEncoder } from "./jpeg-encoder.ts";
import type { JpegPicture } from "./jpeg-picture.ts";
import { previewSize } from "./preview-size.ts";

export interface PreviewSettings {
  /** Pictures per second. */
  readonly rate: number;
  /** Their size as a part of the frames', above 0 and up to 1. */
  readonly scale: number;
  /** JPEG quality, 1..100. */
  readonly quality: number;
}

/** After a failure, before the next attempt. */
const RETRY_MS = 10_000;

export interface PreviewEvents {
  onPicture(picture: JpegPicture): void;
  /** There are no pictures for now; it is tried again. Called once for what goes on failing in the same way. */
  onFailure(error: RuntimeError): void;
}

/**
 * Takes frames at the previews' rate, and only while somebody watches, and makes one small JPEG of each, whatever the
 * number of viewers. It holds one frame at most: whatever comes while that is in work is passed over. It never throws.
 */
export class Preview implements FrameConsumer, AsyncDisposable {
  /** Whether somebody watches. */
  isWatched = false;
  readonly #settings: PreviewSettings;
  readonly #events: PreviewEvents;
  readonly #gate: TimingGate;
  #encoder: JpegEncoder | undefined;
  #failure: { readonly error: RuntimeError; readonly retryMs: number } | undefined;
  /** What was reported last, and has not been overcome. */
  #reported: string | undefined;
  readonly #closing = new Set<Promise<void>>();

  constructor(settings: PreviewSettings, events: PreviewEvents) {
    this.#settings = settings;
    this.#events = events;
    this.#gate = new TimingGate(settings.rate);
  }

  /** Why there are no pictures; undefined while there may be some. */
  get failure(): RuntimeError | undefined {
    return this.#failure?.error;
  }

  offer(frame: CapturedFrame, inputIntervalNs: number): void {
    if (!this.isWatched) return;
    try {
      const encoder = this.#encoderFor(frame);
      // By the time of arrival: it goes on increasing when another camera comes, and when a file is played faster.
      if (encoder?.isFree !== true || !this.#gate.accept(frame.monotonicNs, inputIntervalNs)) return;
      encoder.submit(frame);
    } catch (error) {
      this.#fail(toRuntimeError(error));
    }
  }

  /** Resolves once no frame is held. Idempotent. */
  async close(): Promise<void> {
    this.isWatched = false;
    this.#closeEncoder();
    await Promise.all(this.#closing);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Kept from frame to frame; another camera, or the same one opened anew, gets another one. */
  #encoderFor({ format }: CapturedFrame): JpegEncoder | undefined {
    if (this.#failure !== undefined && performance.now() < this.#failure.retryMs) return undefined;
    if (this.#encoder?.format !== format) {
      this.#closeEncoder();
      const { scale, rate, quality } = this.#settings;
      this.#encoder = new JpegEncoder(
        format,
        { ...previewSize(format, scale), rate, quality },
        {
          onPicture: (picture) => this.#onPicture(picture),
          onFailure: (error) => this.#fail(error),
        },
      );
    }
    return this.#encoder;
  }

  #onPicture(picture: JpegPicture): void {
    this.#failure = undefined;
    this.#reported = undefined;
    this.#events.onPicture(picture);
  }

  #fail(error: RuntimeError): void {
    this.#failure = { error, retryMs: performance.now() + RETRY_MS };
    this.#closeEncoder();
    if (error.message === this.#reported) return;
    this.#reported = error.message;
    this.#events.onFailure(error);
  }

  #closeEncoder(): void {
    const closed = this.#encoder?.close();
    this.#encoder = undefined;
    if (closed === undefined) return;
    this.#closing.add(closed);
    void closed.then(() => this.#closing.delete(closed));
  }
}
