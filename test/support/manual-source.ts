import type { FrameSource, FrameSourceEvents, StreamInfo } from "../../src/capture/frame-source.ts";
import type { RuntimeError } from "../../src/errors.ts";
import { FrameMaker, type FrameMakerOptions } from "./frame-maker.ts";

/** A camera whose every step the test decides: when it opens, delivers, fails and closes. */
export class ManualSource implements FrameSource {
  readonly frames: FrameMaker;
  state: "new" | "opening" | "open" | "failed" | "closed" = "new";
  /** What `close()` waits for. */
  onClose: () => Promise<void> = async () => {};
  readonly #opened = Promise.withResolvers<StreamInfo>();
  readonly #isAutomatic: boolean;
  #events: FrameSourceEvents | undefined;

  /** `isAutomatic`: it opens by itself and delivers one frame. */
  constructor({ isAutomatic = false, ...options }: FrameMakerOptions & { readonly isAutomatic?: boolean } = {}) {
    this.frames = new FrameMaker(options);
    this.#isAutomatic = isAutomatic;
    this.#opened.promise.catch(() => undefined);
  }

  async open(events: FrameSourceEvents, signal: AbortSignal): Promise<StreamInfo> {
    if (this.state !== "new") throw new Error(`opened while ${this.state}`);
    this.state = "opening";
    this.#events = events;
    signal.addEventListener("abort", () => this.#opened.reject(signal.reason), { once: true });
    if (this.#isAutomatic) {
      setImmediate(() => {
        this.admit();
        setImmediate(() => this.deliver());
      });
    }
    return await this.#opened.promise;
  }

  async close(): Promise<void> {
    this.state = "closed";
    await this.onClose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** `open()` succeeds. */
  admit(): void {
    if (this.state === "opening") this.state = "open";
    this.#opened.resolve(this.frames.info);
  }

  /** `open()` fails. */
  refuse(error: RuntimeError): void {
    this.state = "failed";
    this.#opened.reject(error);
  }

  deliver(count = 1, options: { step?: number; offsetNs?: number } = {}): void {
    for (let index = 0; index < count && this.state !== "closed"; index++) {
      this.#events?.onFrame(this.frames.next(options));
    }
  }

  /** Delivers as fast as whoever holds them gives them back. */
  async deliverAll(count: number): Promise<void> {
    for (let index = 0; index < count && this.state !== "closed"; index++) {
      this.#events?.onFrame(await this.frames.nextWhenFree());
    }
  }

  deliverBad(reason: "frame_error" | "capture_overflow", count: number): void {
    this.#events?.onBadFrame(reason, count, null);
  }

  fail(error: RuntimeError): void {
    this.#events?.onFailure(error);
  }
}
