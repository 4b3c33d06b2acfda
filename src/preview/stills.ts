import { abortable } from "../abortable.ts";
import type { CapturedFrame } from "../capture/captured-frame.ts";
import type { FrameConsumer } from "../pipeline/frame-router.ts";
import type { JpegPicture } from "./jpeg-picture.ts";

/** Makes single JPEGs at the frames' full size. It holds one frame at most, and none while nobody wants a picture. */
export class Stills implements FrameConsumer {
  readonly #quality: number;
  #wanted: PromiseWithResolvers<CapturedFrame> | undefined;

  /** `quality`: 1..100. */
  constructor(quality: number) {
    this.#quality = quality;
  }

  offer(frame: CapturedFrame): void {
    this.#wanted?.resolve(frame.retain());
    this.#wanted = undefined;
  }

  /**
   * Of the next frame that is offered. Throws `encoder_unavailable` or `encoder_failed`, or the signal's reason where
   * that is aborted before there is a picture. One at a time.
   */
  async take(signal: AbortSignal): Promise<JpegPicture> {
    const frame = await this.#nextFrame(signal);
    try {
      return await this.#encode(frame, signal);
    } finally {
      frame.release();
    }
  }

  async #nextFrame(signal: AbortSignal): Promise<CapturedFrame> {
    const wanted = Promise.withResolvers<CapturedFrame>();
    this.#wanted = wanted;
    try {
      return await abortable(wanted.promise, signal);
    } catch (error) {
      this.#wanted = undefined;
      // One that came too late.
      void wanted.promise.then((frame) => frame.release());
      throw error;
    }
  }

  async #encode(frame: CapturedFrame, signal: AbortSignal): Promise<JpegPicture> {
    // Loaded when the first picture is wanted.
    const { JpegEncoder } = await import("./jpeg-encoder.ts");
    const { width, height } = frame.format;
    const done = Promise.withResolvers<JpegPicture>();
    await using encoder = new JpegEncoder(
      frame.format,
      { width, height, quality: this.#quality, rate: 1 },
      { onPicture: done.resolve, onFailure: done.reject },
    );
    encoder.submit(frame);
    return await abortable(done.promise, signal);
  }
}
