import { abortable } from "../abortable.ts";
import type { CapturedFrame } from "../capture/captured-frame.ts";
import type { FrameSource, FrameSourceEvents, StreamInfo } from "../capture/frame-source.ts";
import { RuntimeError } from "../errors.ts";
import { type FrameConsumer, FrameRouter } from "../pipeline/frame-router.ts";
import type { Recorder } from "../pipeline/recorder.ts";
import { StallWatch } from "./stall-watch.ts";

export interface FrameStreamEvents {
  /** The camera delivers no more and is to be closed: see `fault`. Called at most once. */
  onCameraFault(): void;
  /** A bug of ours in a consumer of frames. */
  onConsumerError(error: unknown): void;
}

/** Who gets an open camera's frames after the recording, in order. */
export type OthersOf = (info: StreamInfo) => readonly FrameConsumer[];

/** Frames on their way from a source to whoever wants them; notices when they stop. */
export class FrameStream {
  /** Who gets them first, at the moment. */
  recorder: Recorder | undefined;
  readonly #events: FrameStreamEvents;
  readonly #othersOf: OthersOf;
  readonly #firstFrame = Promise.withResolvers<void>();
  readonly #stall: StallWatch;
  /** Made with the source's rate once it is known; frames that come before that are only looked at. */
  #router: FrameRouter | undefined;
  #state: "opening" | "flowing" | "ended" = "opening";
  #fault: RuntimeError | undefined;

  constructor(events: FrameStreamEvents, othersOf: OthersOf = () => []) {
    this.#events = events;
    this.#othersOf = othersOf;
    // A fault may come while nobody waits for the first frame.
    this.#firstFrame.promise.catch(() => undefined);
    this.#stall = new StallWatch(() =>
      this.#fail(new RuntimeError("camera_stalled", "the camera delivers no frames any more")),
    );
  }

  /** Resolves after the first frame. Aborting rejects with the signal's reason; closing the source stays the caller's. */
  async open(source: FrameSource, signal: AbortSignal): Promise<StreamInfo> {
    signal.throwIfAborted();
    const events: FrameSourceEvents = {
      onFrame: (frame) => this.#onFrame(frame),
      onBadFrame: (reason, frameCount, frameNumber) => this.recorder?.offerBad(reason, frameCount, frameNumber),
      onFailure: (error) => this.#fail(error),
    };
    const info = await abortable(source.open(events, signal), signal);
    const consumers = [this, ...this.#othersOf(info)];
    this.#router = new FrameRouter(info.frameDurationNs, consumers, (error) => this.#events.onConsumerError(error));
    await abortable(this.#firstFrame.promise, signal);
    if (this.#fault !== undefined) throw this.#fault;
    this.#state = "flowing";
    this.#stall.start(info.frameDurationNs);
    return info;
  }

  /** No frame has come for so long that the camera counts as stalled, or is about to. */
  get isSilent(): boolean {
    return this.#state === "flowing" && this.#stall.isSilent;
  }

  /** Why the camera delivers no more. */
  get fault(): RuntimeError | undefined {
    return this.#fault;
  }

  /** No event comes after it. */
  close(): void {
    this.#state = "ended";
    this.#stall.stop();
  }

  offer(frame: CapturedFrame, inputIntervalNs: number): void {
    this.recorder?.offer(frame, inputIntervalNs);
  }

  #onFrame(frame: CapturedFrame): void {
    this.#stall.sawFrame(frame.frameDurationNs);
    this.#firstFrame.resolve();
    if (this.#router === undefined || this.#state === "ended") frame.release();
    else this.#router.route(frame);
  }

  #fail(error: RuntimeError): void {
    if (this.#fault !== undefined || this.#state === "ended") return;
    this.#fault = error;
    this.#firstFrame.reject(error);
    if (this.#state === "opening") return;
    this.close();
    this.#events.onCameraFault();
  }
}
