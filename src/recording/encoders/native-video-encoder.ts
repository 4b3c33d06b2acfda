import type { CapturedFrame } from "../../capture/captured-frame.ts";
import { RuntimeError } from "../../errors.ts";
import {
  type EncoderLibraryName,
  NativeEncoder,
  type NativeEncoderEvent,
  type SkipReason,
} from "../../native/encoder-library.ts";
import type { NativeEncoderConfig, NativeEncoderInfo } from "../../native/encoder-structs.ts";
import { followWakeSocket } from "../../native/wake-socket.ts";
import type {
  SkipDropReason,
  VideoCodec,
  VideoEncoder,
  VideoEncoderEvents,
  VideoEncoderInfo,
} from "../video-encoder.ts";
import { FramesInEncoder } from "./frames-in-encoder.ts";
import { SilenceWatch } from "./silence-watch.ts";

// How long an encoder that owes an answer may say nothing, ms: a driver can keep its thread in a system call for ever.
const OPENING_MS_MAX = 2000;
const DRAINING_MS_MAX = 3000;
/** With frames in it. Longer than the m2m library takes to notice a stall and to try again. */
const ENCODING_MS_MAX = 10_000;
/** The same in frames, where those take longer: some encoders answer a frame when they have seen the next ones. */
const ENCODING_FRAMES_MAX = 5;

const DROP_REASONS: Record<SkipReason, SkipDropReason> = {
  swallowed: "encoder_skip",
  damaged: "encoder_error",
  stalled: "encoder_stall",
  lost: "encoder_failed",
};

/**
 * A `VideoEncoder` on any library that speaks csi_encoder.h: a V4L2 encoder, libx264, libturbojpeg.
 *
 * One that owes an answer and says nothing for too long is *abandoned*: it counts as failed, nobody waits for it, and
 * what its thread may still touch (its memory, the frames that it reads) is left to it until that thread comes back.
 */
export class NativeVideoEncoder implements VideoEncoder {
  readonly #library: EncoderLibraryName;
  readonly #codec: VideoCodec;
  readonly #events: VideoEncoderEvents;
  readonly #encoder: NativeEncoder;
  readonly #wakesEnded: Promise<void>;
  readonly #silence: SilenceWatch;
  readonly #encodingMsMax: number;
  readonly #frames = new FramesInEncoder();
  readonly #opened = Promise.withResolvers<void>();
  /** Its thread is at its end, or nobody waits for it any more. */
  readonly #ended = Promise.withResolvers<void>();
  /** As it was last asked for. */
  #info: NativeEncoderInfo;
  #state: "opening" | "encoding" | "draining" | "ended" | "abandoned" | "closed" = "opening";
  #closing: Promise<void> | undefined;

  /**
   * Resolves when the encoder is ready for frames, after 2 s at most. Throws `encoder_unavailable` where there is no such
   * encoder, `encoder_failed` where it can't do what is asked.
   */
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
    this.#library = library;
    this.#codec = codec;
    this.#events = events;
    this.#encodingMsMax = Math.max(ENCODING_MS_MAX, (ENCODING_FRAMES_MAX * 1000) / config.frameRate);
    this.#encoder = new NativeEncoder(library, config, events.memoryFor);
    this.#info = this.#encoder.info;
    this.#wakesEnded = followWakeSocket(this.#encoder.wakeFd, () => this.#takeEvents());
    this.#silence = new SilenceWatch(
      OPENING_MS_MAX,
      () => this.#state !== "encoding" || !this.#frames.isEmpty,
      () => this.#onSilence(),
    );
  }

  get info(): VideoEncoderInfo {
    if (this.#state !== "closed") this.#info = this.#encoder.info;
    return { codec: this.#codec, ...this.#info };
  }

  submit(frame: CapturedFrame, { forceKey }: { forceKey: boolean }): boolean {
    if (this.#state !== "encoding") return false;
    if (!this.#encoder.submit(frame.planes, frame.sensorTimestampNs, forceKey)) return false;
    this.#frames.add(frame);
    return true;
  }

  async drain(): Promise<void> {
    if (this.#state === "encoding") {
      this.#state = "draining";
      this.#silence.restart(DRAINING_MS_MAX);
      this.#encoder.drain();
    }
    if (this.#state === "draining") await this.#ended.promise;
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
    if (this.#state === "abandoned") return;
    this.#destroy();
    await this.#wakesEnded;
  }

  /** Joins its thread, which has to be at its end. Idempotent. */
  #destroy(): void {
    if (this.#state === "closed") return;
    this.#info = this.#encoder.info;
    this.#state = "closed";
    this.#encoder.destroy();
    this.#frames.releaseAll();
  }

  /** Returns how many there were. */
  #takeEvents(): number {
    let count = 0;
    for (let event = this.#take(); event !== undefined; event = this.#take()) {
      count++;
      this.#silence.heard();
      this.#onEvent(event);
    }
    return count;
  }

  #take(): NativeEncoderEvent | undefined {
    return this.#state === "closed" ? undefined : this.#encoder.take();
  }

  #onEvent(event: NativeEncoderEvent): void {
    switch (event.kind) {
      case "opened":
        this.#onOpened();
        break;
      case "released":
        this.#frames.release(event.timestampNs);
        break;
      case "packet":
        if (!this.#frames.answer(event.timestampNs)) break;
        this.#events.onChunk({ data: event.data, sensorTimestampNs: event.timestampNs, isKey: event.isKey });
        break;
      case "skipped":
        if (!this.#frames.answer(event.timestampNs)) break;
        this.#events.onSkipped(event.timestampNs, DROP_REASONS[event.reason]);
        break;
      case "restarted":
        if (this.#state !== "abandoned") this.#events.onWarning("encoder_restarted", event.sentence);
        break;
      case "drained":
        this.#onEnd(undefined);
        break;
      case "failed":
        this.#onEnd(this.#encoder.failure());
        break;
    }
  }

  #onOpened(): void {
    if (this.#state !== "opening") return;
    this.#state = "encoding";
    this.#silence.restart(this.#encodingMsMax);
    this.#opened.resolve();
  }

  #onEnd(failure: RuntimeError | undefined): void {
    if (this.#state === "abandoned") this.#destroy();
    else this.#end("ended", failure);
  }

  #onSilence(): void {
    // What only waits to be taken is no silence of the encoder's.
    if (this.#takeEvents() > 0) return;
    // Its thread ends by itself once it comes back.
    this.#encoder.drain();
    const seconds = this.#silence.limitMs / 1000;
    const error = `the ${this.#library} encoder does not answer: nothing came from it for ${seconds} s`;
    const lost = this.#frames.giveUp();
    for (const timestampNs of lost) this.#events.onSkipped(timestampNs, DROP_REASONS.lost);
    this.#end("abandoned", new RuntimeError("encoder_failed", error));
  }

  #end(state: "ended" | "abandoned", failure: RuntimeError | undefined): void {
    const wasOpening = this.#state === "opening";
    this.#state = state;
    this.#silence.stop();
    if (failure !== undefined && wasOpening) this.#opened.reject(failure);
    else if (failure !== undefined) this.#events.onFailure(failure);
    this.#ended.resolve();
  }
}
