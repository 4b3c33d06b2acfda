import type { CapturedFrame } from "../../../../src/capture/captured-frame.ts";
import type { NativeEncoderConfig } from "../../../../src/native/encoder-structs.ts";
import { NativeVideoEncoder } from "../../../../src/recording/encoders/native-video-encoder.ts";
import type { VideoEncoderEvents } from "../../../../src/recording/video-encoder.ts";
import { lentFrame } from "./frames.ts";
import type { Journal } from "./journal.ts";

/** The program's own encoder class on the m2m library; all that goes in and comes out is noted. */
export class JournaledEncoder implements AsyncDisposable {
  /** What it made so far. */
  readonly packets: Uint8Array[] = [];
  readonly #journal: Journal;
  readonly #failed = Promise.withResolvers<void>();
  /** Settled and replaced whenever something came out. */
  #news = Promise.withResolvers<void>();
  #encoder: NativeVideoEncoder | undefined;

  static async open(journal: Journal, config: NativeEncoderConfig): Promise<JournaledEncoder> {
    const its = new JournaledEncoder(journal);
    // The interface has no word for FWHT; what the encoder makes is the config's affair.
    its.#encoder = await NativeVideoEncoder.open("m2m", "h264", config, its.#events());
    const { name, zeroCopy } = its.#encoder.info;
    journal.note({ kind: "opened", name, zero_copy: zeroCopy });
    return its;
  }

  private constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** Resolves when the encoder has failed. */
  get failed(): Promise<void> {
    return this.#failed.promise;
  }

  /** As VideoEncoder.submit(). */
  submit(frame: CapturedFrame): boolean {
    const timestamp_ns = Number(frame.sensorTimestampNs);
    let state: "offered" | "taken" = "offered";
    const lent = lentFrame(frame, () => {
      if (state === "taken") this.#journal.note({ kind: "released", timestamp_ns });
      this.#wake();
    });
    const isTaken = this.#opened.submit(lent, { forceKey: false });
    if (isTaken) state = "taken";
    if (isTaken) this.#journal.note({ kind: "submitted", timestamp_ns, address: frame.planes[0]?.address ?? 0 });
    else this.#journal.note({ kind: "refused", timestamp_ns });
    lent.release();
    return isTaken;
  }

  /** Resolves when something came out: it may take a frame that it refused. */
  news(): Promise<void> {
    return this.#news.promise;
  }

  async drain(): Promise<void> {
    this.#journal.note({ kind: "drain" });
    await this.#opened.drain();
    this.#journal.note({ kind: "drained" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opened.close();
    this.#journal.note({ kind: "closed", copied_frames: this.#opened.info.copiedFrames });
  }

  get #opened(): NativeVideoEncoder {
    if (this.#encoder === undefined) throw new Error("the encoder is not open");
    return this.#encoder;
  }

  #events(): VideoEncoderEvents {
    return {
      onChunk: ({ data, sensorTimestampNs, isKey }) => {
        this.packets.push(data);
        const timestamp_ns = Number(sensorTimestampNs);
        this.#journal.note({ kind: "packet", timestamp_ns, is_key: isKey, byte_count: data.length });
        this.#wake();
      },
      onSkipped: (sensorTimestampNs, reason) => {
        this.#journal.note({ kind: "skipped", timestamp_ns: Number(sensorTimestampNs), reason });
        this.#wake();
      },
      onWarning: (code, message) => this.#journal.note({ kind: "warning", code, message }),
      onFailure: ({ code, message }) => {
        this.#journal.note({ kind: "failed", code, message });
        this.#failed.resolve();
      },
    };
  }

  #wake(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers<void>();
  }
}
