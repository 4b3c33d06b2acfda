import type { CapturedFrame } from "../capture/captured-frame.ts";
import { type RuntimeError, toRuntimeError } from "../errors.ts";
import type { SpareFrameConsumer } from "../pipeline/spare-frames.ts";
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
/** After the last picture that was left out: what comes later is told anew. */
const LEFT_OUT_OVER_MS = 10_000;

export interface PreviewEvents {
  onPicture(picture: JpegPicture): void;
  /** There are no pictures for now; it is tried again. Called once for what goes on failing in the same way. */
  onFailure(error: RuntimeError): void;
  /** A picture was left out, as no frame could be spared. Called once for as long as that goes on. */
  onLeftOut(): void;
}

/**
 * Takes frames at the previews' rate, and only while somebody watches, and makes one small JPEG of each, whatever the
 * number of viewers. It holds one frame at most: whatever comes while that is in work is passed over. A picture that is due
 * is made of the first frame that can be had; when the next one is due before that, it is left out. It never throws.
 */
export class Preview implements SpareFrameConsumer, AsyncDisposable {
  /** Whether somebody watches. */
  isWatched = false;
  readonly #settings: PreviewSettings;
  readonly #events: PreviewEvents;
  readonly #gate: TimingGate;
  /** A picture is due of which no frame could be had yet. */
  #isDue = false;
  #leftOut = 0;
  #lastLeftOutMs = Number.NEGATIVE_INFINITY;
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

  /** Pictures that were due and not made: no frame could be spared, or the one before was in work still. */
  get leftOut(): number {
    return this.#leftOut;
  }

  offer(frame: CapturedFrame, inputIntervalNs: number): void {
    if (!this.#isDueAt(frame, inputIntervalNs)) return;
    try {
      const encoder = this.#encoderFor(frame);
      if (!encoder.isFree) return;
      encoder.submit(frame);
      this.#isDue = false;
    } catch (error) {
      this.#fail(toRuntimeError(error));
    }
  }

  passOver(frame: CapturedFrame, inputIntervalNs: number): void {
    const before = this.#leftOut;
    this.#isDueAt(frame, inputIntervalNs);
    if (this.#leftOut === before) return;
    const nowMs = performance.now();
    const isNew = nowMs - this.#lastLeftOutMs > LEFT_OUT_OVER_MS;
    this.#lastLeftOutMs = nowMs;
    if (isNew) this.#events.onLeftOut();
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

  /** Whether a picture is due when this frame comes; never while nobody watches, or where none can be made. */
  #isDueAt(frame: CapturedFrame, inputIntervalNs: number): boolean {
    if (!this.isWatched || this.#isFailing) {
      this.#isDue = false;
      return false;
    }
    // By the time of arrival: it goes on increasing when another camera comes, and when a file is played faster.
    if (this.#gate.accept(frame.monotonicNs, inputIntervalNs)) {
      if (this.#isDue) this.#leftOut++;
      this.#isDue = true;
    }
    return this.#isDue;
  }

  get #isFailing(): boolean {
    return this.#failure !== undefined && performance.now() < this.#failure.retryMs;
  }

  /** Kept from frame to frame; another camera, or the same one opened anew, gets another one. */
  #encoderFor({ format }: CapturedFrame): JpegEncoder {
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
