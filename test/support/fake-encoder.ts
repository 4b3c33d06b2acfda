import type { CapturedFrame } from "../../src/capture/captured-frame.ts";
import { SYCC } from "../../src/capture/stream-format.ts";
import type { RuntimeError } from "../../src/errors.ts";
import type { OpenVideoEncoder } from "../../src/recording/encoders/open-video-encoder.ts";
import type {
  EncoderWarning,
  SkipDropReason,
  VideoEncoder,
  VideoEncoderEvents,
  VideoEncoderInfo,
} from "../../src/recording/video-encoder.ts";

/**
 * What a fake encoder makes of its n-th frame, from 1. A word: answered so, with a reason skipped for it; `false`: not
 * taken; an Error: thrown by submit.
 */
export type FakeAnswer = "chunk" | SkipDropReason | "nothing" | false | RuntimeError;

/** An encoder of codec mjpeg without a codec: it answers each frame at once, as its script says. */
export class FakeEncoder implements VideoEncoder {
  info: VideoEncoderInfo = { name: "fake", codec: "mjpeg", colour: SYCC, zeroCopy: false, copiedFrames: 0 };
  /** What `drain()` does beside finishing. */
  onDrain: () => Promise<void> = async () => {};
  closes = 0;
  readonly #events: VideoEncoderEvents;
  readonly #answer: (count: number) => FakeAnswer;
  readonly #held: CapturedFrame[] = [];
  #count = 0;

  constructor(events: VideoEncoderEvents, answer: (count: number) => FakeAnswer) {
    this.#events = events;
    this.#answer = answer;
  }

  submit(frame: CapturedFrame): boolean {
    const answer = this.#answer(++this.#count);
    if (answer === false) return false;
    if (typeof answer !== "string") throw answer;
    this.#held.push(frame.retain());
    queueMicrotask(() => this.#reply(frame.sensorTimestampNs, answer));
    return true;
  }

  /** Dies as the interface says: what is not answered is skipped first. */
  fail(error: RuntimeError): void {
    for (const frame of this.#held.splice(0)) {
      this.#events.onSkipped(frame.sensorTimestampNs, "encoder_failed");
      frame.release();
    }
    this.#events.onFailure(error);
  }

  warn(code: EncoderWarning, message: string): void {
    this.#events.onWarning(code, message);
  }

  async drain(): Promise<void> {
    await this.onDrain();
  }

  async close(): Promise<void> {
    this.closes++;
    for (const frame of this.#held.splice(0)) frame.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #reply(sensorTimestampNs: bigint, answer: Extract<FakeAnswer, string>): void {
    const index = this.#held.findIndex((frame) => frame.sensorTimestampNs === sensorTimestampNs);
    if (index < 0 || answer === "nothing") return;
    for (const frame of this.#held.splice(index, 1)) frame.release();
    if (answer === "chunk") {
      this.#events.onChunk({ data: Uint8Array.of(0xff, 0xd8, 0xff, 0xd9), sensorTimestampNs, isKey: true });
    } else this.#events.onSkipped(sensorTimestampNs, answer);
  }
}

/** Opens fake encoders and keeps them. */
export class FakeEncoders {
  readonly opened: FakeEncoder[] = [];
  readonly open: OpenVideoEncoder;

  constructor(answer: (count: number) => FakeAnswer = () => "chunk") {
    this.open = async (_options, events) => {
      const encoder = new FakeEncoder(events, answer);
      this.opened.push(encoder);
      return { encoder, reason: "it is a test" };
    };
  }

  get last(): FakeEncoder {
    const encoder = this.opened.at(-1);
    if (encoder === undefined) throw new Error("no encoder was opened yet");
    return encoder;
  }
}
