import type { CapturedFrame } from "../capture/captured-frame.ts";
import type { StreamInfo } from "../capture/frame-source.ts";
import { type RuntimeError, toRuntimeError } from "../errors.ts";
import type { DropReason } from "../pipeline/frame-ledger.ts";
import type { OpenedVideoEncoder, OpenVideoEncoder } from "./encoders/open-video-encoder.ts";
import { type RecordedFrame, recordedFrame } from "./fragment.ts";
import type { FragmentWriter } from "./fragment-writer.ts";
import { KeyFrameSchedule } from "./key-frame-schedule.ts";
import { type RecordingSettings, recordedRate } from "./recording-settings.ts";
import { loadFragmentedMp4, SampleWriter } from "./sample-writer.ts";
import type { EncodedChunk, EncoderWarning } from "./video-encoder.ts";

export interface FrameEncodingOptions {
  readonly info: StreamInfo;
  readonly settings: RecordingSettings;
  readonly openEncoder: OpenVideoEncoder;
  readonly fragments: FragmentWriter;
  /** What the recording says of itself as its file begins. */
  readonly describe: (opened: OpenedVideoEncoder) => string;
}

export interface FrameEncodingEvents {
  /** A sample has been made of this frame. */
  onEncoded(frame: RecordedFrame): void;
  /** No sample comes of this frame. */
  onDropped(reason: DropReason, frame: RecordedFrame): void;
  /** `message`: a sentence. */
  onWarning(code: EncoderWarning, message: string): void;
  /** It can't go on: nothing is to be submitted any more. */
  onFailure(error: RuntimeError): void;
}

/** Buffers that always stay with the camera, so that it can go on capturing. */
const CAMERA_BUFFERS_MIN = 2;

/** A recording's encoder and the frames in it: each becomes a sample of the file, or is dropped with a reason. */
export class FrameEncoding {
  readonly #events: FrameEncodingEvents;
  readonly #keyFrames = new KeyFrameSchedule();
  /** Frames in the encoder, by sensor timestamp. */
  readonly #frames = new Map<bigint, RecordedFrame>();
  #output: (OpenedVideoEncoder & { readonly samples: SampleWriter }) | undefined;

  /** Opens the encoder. Throws `encoder_…`. */
  static async open(options: FrameEncodingOptions, events: FrameEncodingEvents): Promise<FrameEncoding> {
    const encoding = new FrameEncoding(events);
    await encoding.#open(options);
    return encoding;
  }

  private constructor(events: FrameEncodingEvents) {
    this.#events = events;
  }

  /** Frames in the encoder. */
  get frameCount(): number {
    return this.#frames.size;
  }

  get opened(): OpenedVideoEncoder {
    if (this.#output === undefined) throw new Error("the encoder is not open yet");
    return this.#output;
  }

  /** Borrows the frame for the call. Why it was not taken, or undefined when it was. `inputIntervalNs`: see FrameConsumer. */
  submit(frame: CapturedFrame, inputIntervalNs: number): DropReason | undefined {
    const forceKey = this.#keyFrames.isDue(frame.sensorTimestampNs, inputIntervalNs);
    try {
      if (!this.opened.encoder.submit(frame, { forceKey })) return "encoder_busy";
    } catch (error) {
      this.#events.onFailure(toRuntimeError(error, "encoder_failed"));
      return "encoder_failed";
    }
    if (forceKey) this.#keyFrames.taken(frame.sensorTimestampNs);
    this.#frames.set(frame.sensorTimestampNs, recordedFrame(frame));
    return undefined;
  }

  /** Finishes what is in the encoder and closes it; every frame has become a sample or was dropped. Never rejects. */
  async finish(): Promise<void> {
    const { encoder } = this.opened;
    for (const step of [() => encoder.drain(), () => encoder.close()]) {
      try {
        await step();
      } catch (error) {
        this.#events.onFailure(toRuntimeError(error));
      }
    }
    for (const timestampNs of this.#frames.keys()) this.#drop(timestampNs, "encoder_failed");
  }

  async #open({ info, settings, openEncoder, fragments, describe }: FrameEncodingOptions): Promise<void> {
    const Mp4 = await loadFragmentedMp4();
    const { codec } = settings;
    const opened = await openEncoder(
      {
        choice: settings.encoder,
        codec,
        format: info.format,
        memory: info.memory,
        bufferCount: info.bufferCount,
        frameRate: recordedRate(info, settings),
        bitrate: settings.bitrate,
        jpegQuality: settings.jpegQuality,
        queueFramesMax: Math.max(1, info.bufferCount - CAMERA_BUFFERS_MIN),
      },
      {
        memoryFor: (byteCount) => fragments.memoryFor(byteCount),
        onChunk: (chunk) => this.#onChunk(chunk),
        onSkipped: (timestampNs, reason) => this.#drop(timestampNs, reason),
        onWarning: (code, message) => this.#events.onWarning(code, message),
        onFailure: (error) => this.#events.onFailure(error),
      },
    );
    const { width, height } = info.format;
    const picture = { codec, width, height, colour: opened.encoder.info.colour };
    this.#output = { ...opened, samples: new SampleWriter(Mp4, picture, fragments, () => describe(opened)) };
  }

  #onChunk(chunk: EncodedChunk): void {
    const frame = this.#frames.get(chunk.sensorTimestampNs);
    if (frame === undefined || this.#output === undefined) return;
    try {
      if (!this.#output.samples.write(chunk, frame)) return;
      this.#frames.delete(chunk.sensorTimestampNs);
      this.#events.onEncoded(frame);
    } catch (error) {
      this.#drop(chunk.sensorTimestampNs, "encoder_failed");
      this.#events.onFailure(toRuntimeError(error, "encoder_failed"));
    }
  }

  #drop(timestampNs: bigint, reason: DropReason): void {
    const frame = this.#frames.get(timestampNs);
    if (frame === undefined) return;
    this.#frames.delete(timestampNs);
    this.#events.onDropped(reason, frame);
  }
}
