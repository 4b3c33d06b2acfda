import type { CapturedFrame } from "../../capture/captured-frame.ts";
import {
  type EncoderLibraryName,
  encoderName,
  NativeEncoder,
  type NativeEncoderConfig,
} from "../../native/encoder-library.ts";
import { followWakePipe } from "../../native/wake-pipe.ts";
import type { VideoCodec, VideoEncoder, VideoEncoderEvents, VideoEncoderInfo } from "../video-encoder.ts";

/** A `VideoEncoder` on any library that speaks csi_encoder.h: libx264, libturbojpeg. */
export class NativeVideoEncoder implements VideoEncoder {
  readonly #encoder: NativeEncoder;
  readonly #codec: VideoCodec;
  readonly #name: string;
  readonly #events: VideoEncoderEvents;
  readonly #pipeEnded: Promise<void>;
  readonly #opened = Promise.withResolvers<void>();
  readonly #drained = Promise.withResolvers<void>();
  /** Frames whose pixels the encoder may still read, by timestamp. */
  readonly #held = new Map<bigint, CapturedFrame>();
  #state: "opening" | "encoding" | "draining" | "failed" | "closing" = "opening";
  #closing: Promise<void> | undefined;

  /** Resolves when the encoder is ready for frames. Throws `encoder_unavailable` or `encoder_failed`. */
  static async open(
    library: EncoderLibraryName,
    codec: VideoCodec,
    config: NativeEncoderConfig,
    events: VideoEncoderEvents,
  ): Promise<NativeVideoEncoder> {
    const encoder = new NativeVideoEncoder(library, codec, config, events);
    try {
      await encoder.#opened.promise;
      return encoder;
    } catch (error) {
      await encoder.close();
      throw error;
    }
  }

  private constructor(
    library: EncoderLibraryName,
    codec: VideoCodec,
    config: NativeEncoderConfig,
    events: VideoEncoderEvents,
  ) {
    this.#codec = codec;
    this.#name = encoderName(library);
    this.#events = events;
    this.#encoder = new NativeEncoder(library, config);
    this.#pipeEnded = followWakePipe(this.#encoder.wakeFd, () => this.#takeEvents());
  }

  get info(): VideoEncoderInfo {
    return { name: this.#name, codec: this.#codec, colour: this.#encoder.colour, zeroCopy: false };
  }

  submit(frame: CapturedFrame, { forceKey }: { forceKey: boolean }): boolean {
    if (this.#state !== "encoding") return false;
    if (!this.#encoder.submit(frame.planes, frame.sensorTimestampNs, forceKey)) return false;
    this.#held.set(frame.sensorTimestampNs, frame.retain());
    return true;
  }

  async drain(): Promise<void> {
    if (this.#state === "encoding") {
      this.#state = "draining";
      this.#encoder.drain();
    }
    if (this.#state === "draining") await this.#drained.promise;
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Draining first keeps the wait for the encoder's thread off this one. */
  async #finish(): Promise<void> {
    await this.drain();
    this.#state = "closing";
    this.#encoder.destroy();
    for (const frame of this.#held.values()) frame.release();
    this.#held.clear();
    await this.#pipeEnded;
  }

  #takeEvents(): void {
    while (this.#state !== "closing") {
      const event = this.#encoder.take();
      if (event === undefined) return;
      switch (event.kind) {
        case "opened":
          this.#state = "encoding";
          this.#opened.resolve();
          break;
        case "released":
          this.#held.get(event.timestampNs)?.release();
          this.#held.delete(event.timestampNs);
          break;
        case "packet":
          this.#events.onChunk({ data: event.data, sensorTimestampNs: event.timestampNs, isKey: event.isKey });
          break;
        case "skipped":
          this.#events.onSkipped(event.timestampNs);
          break;
        case "drained":
          this.#drained.resolve();
          break;
        case "failed":
          this.#onFailed();
          break;
      }
    }
  }

  #onFailed(): void {
    const wasOpening = this.#state === "opening";
    const error = this.#encoder.failure();
    this.#state = "failed";
    this.#opened.reject(error);
    this.#drained.resolve();
    if (!wasOpening) this.#events.onFailure(error);
  }
}
