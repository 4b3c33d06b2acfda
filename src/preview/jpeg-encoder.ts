import type { CapturedFrame } from "../capture/captured-frame.ts";
import type { StreamFormat } from "../capture/stream-format.ts";
import { type RuntimeError, toRuntimeError } from "../errors.ts";
import { monotonicNs } from "../native/clocks.ts";
import { NativeEncoder, type NativeEncoderEvent } from "../native/encoder-library.ts";
import { followWakeSocket } from "../native/wake-socket.ts";
import type { JpegPicture } from "./jpeg-picture.ts";

export interface JpegSettings {
  /** Of the images, pixels: the frames' size or smaller. */
  readonly width: number;
  readonly height: number;
  /** 1..100. */
  readonly quality: number;
  /** Images per second that are meant to be made. */
  readonly rate: number;
}

export interface JpegEncoderEvents {
  onPicture(picture: JpegPicture): void;
  /** No picture comes any more. Called at most once; `close()` is still owed. */
  onFailure(error: RuntimeError): void;
}

/**
 * Makes JPEGs of frames of one format, on a thread of its own, one frame at a time: a frame's buffer is given back with its
 * picture at the latest.
 */
export class JpegEncoder implements AsyncDisposable {
  /** Of the frames that it takes. */
  readonly format: StreamFormat;
  readonly #settings: JpegSettings;
  readonly #events: JpegEncoderEvents;
  readonly #encoder: NativeEncoder;
  readonly #wakesEnded: Promise<void>;
  readonly #closed = Promise.withResolvers<void>();
  /** What is shown by the picture that it owes. */
  #shown: Omit<JpegPicture, "jpeg" | "madeNs"> | undefined;
  /** The frame whose pixels it may still read. */
  #held: CapturedFrame | undefined;
  #submitted = 0n;
  #state: "encoding" | "failed" | "closing" | "closed" = "encoding";

  /** Throws `encoder_unavailable` where the library is not built, `encoder_failed` where it can't do this format. */
  constructor(format: StreamFormat, settings: JpegSettings, events: JpegEncoderEvents) {
    const { width, height, quality, rate } = settings;
    this.format = format;
    this.#settings = settings;
    this.#events = events;
    this.#encoder = new NativeEncoder("image", {
      input: format,
      outputWidth: width,
      outputHeight: height,
      frameRate: rate,
      bitrate: 0,
      keyIntervalFrames: 1,
      levelIdc: 0,
      quality,
      queueFramesMax: 1,
      codec: "jpeg",
      bufferCount: 0,
    });
    this.#wakesEnded = followWakeSocket(this.#encoder.wakeFd, () => this.#takeEvents());
    this.#wakesEnded.catch((error: unknown) => this.#fail(toRuntimeError(error, "encoder_failed")));
  }

  /** Whether it takes a frame now. */
  get isFree(): boolean {
    return this.#state === "encoding" && this.#shown === undefined && this.#held === undefined;
  }

  /** Takes a frame of its format, which it retains until its pixels are read. Must be free. */
  submit(frame: CapturedFrame): void {
    const { frameNumber, sensorTimestampNs, monotonicNs: arrivedNs } = frame;
    // Numbers of our own: they increase whatever the sensor's clock does.
    if (!this.#encoder.submit(frame.planes, ++this.#submitted, false)) return;
    this.#held = frame.retain();
    const { width, height } = this.#settings;
    this.#shown = { width, height, frameNumber, sensorTimestampNs, arrivedNs };
  }

  /** Resolves once its thread is gone, after the frame in work. Idempotent. */
  close(): Promise<void> {
    if (this.#state === "failed") this.#destroy();
    if (this.#state === "encoding") {
      this.#state = "closing";
      // Draining first keeps the wait for the encoder's thread off this one.
      this.#encoder.drain();
    }
    return this.#closed.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #takeEvents(): void {
    try {
      while (this.#state !== "closed") {
        const event = this.#encoder.take();
        if (event === undefined) return;
        this.#onEvent(event);
      }
    } catch (error) {
      this.#fail(toRuntimeError(error, "encoder_failed"));
    }
  }

  #onEvent(event: NativeEncoderEvent): void {
    switch (event.kind) {
      case "released":
        this.#letGo();
        break;
      case "packet": {
        const shown = this.#shown;
        this.#shown = undefined;
        if (shown === undefined || this.#state !== "encoding") break;
        this.#events.onPicture({ ...shown, madeNs: monotonicNs(), jpeg: event.data });
        break;
      }
      case "skipped":
        this.#shown = undefined;
        break;
      case "drained":
        this.#destroy();
        break;
      case "failed":
        this.#fail(this.#encoder.failure());
        break;
      case "opened":
      case "restarted":
        break;
    }
  }

  #fail(error: RuntimeError): void {
    if (this.#state === "closing") this.#destroy();
    if (this.#state !== "encoding") return;
    this.#state = "failed";
    this.#events.onFailure(error);
  }

  #destroy(): void {
    this.#state = "closed";
    this.#encoder.destroy();
    this.#letGo();
    this.#wakesEnded.then(this.#closed.resolve, this.#closed.resolve);
  }

  #letGo(): void {
    this.#held?.release();
    this.#held = undefined;
  }
}
