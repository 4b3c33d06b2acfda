import { abortable } from "../abortable.ts";
import { RuntimeError } from "../errors.ts";
import { libcameraVersions } from "../native/camera-list.ts";
import { NativeCamera, type NativeCameraEvent } from "../native/native-camera.ts";
import { followWakeSocket } from "../native/wake-socket.ts";
import { CapturedFrame, type PlaneMemory } from "./captured-frame.ts";
import { frameMemoryOf } from "./frame-memory.ts";
import type { FrameSource, FrameSourceEvents, StreamInfo } from "./frame-source.ts";
import type { Colour } from "./stream-format.ts";

export interface PicamSourceOptions {
  /** libcamera's id; where it is undefined, `cameraIndex` in the list sorted by id counts. */
  readonly cameraId: string | undefined;
  readonly cameraIndex: number;
  /** undefined: the sensor's native size. */
  readonly size: { readonly width: number; readonly height: number } | undefined;
  /** Frames per second to set (min = max) where the camera can. */
  readonly frameRate: number;
  readonly colour: Colour;
}

/** Asked for: a camera may give others. */
export const PICAM_BUFFERS = 8;

/** A CSI camera through libcamera. Buffers are lent to frames and go back to libcamera at the frame's last release. */
export class PicamSource implements FrameSource {
  readonly #options: PicamSourceOptions;
  readonly #opened = Promise.withResolvers<StreamInfo>();
  readonly #closed = Promise.withResolvers<void>();
  #state: "new" | "opening" | "streaming" | "closing" | "closed" = "new";
  #camera: NativeCamera | undefined;
  #events: FrameSourceEvents | undefined;
  #info: StreamInfo | undefined;
  #planes: PlaneMemory[][] = [];
  #framesOut = 0;
  #overflowSeen = 0;

  constructor(options: PicamSourceOptions) {
    this.#options = options;
    // Whoever closes before opening is done awaits nothing of it.
    this.#opened.promise.catch(() => undefined);
  }

  async open(events: FrameSourceEvents, signal: AbortSignal): Promise<StreamInfo> {
    if (this.#state !== "new") throw new Error(`a source opens once; this one is ${this.#state}`);
    signal.throwIfAborted();
    const { cameraId, cameraIndex, size, frameRate, colour } = this.#options;
    this.#camera = new NativeCamera({
      cameraId,
      cameraIndex,
      size,
      bufferCount: PICAM_BUFFERS,
      frameDurationUs: 1e6 / frameRate,
      colour,
    });
    this.#state = "opening";
    this.#events = events;
    void followWakeSocket(this.#camera.wakeFd, () => this.#takeEvents());
    return await abortable(this.#opened.promise, signal);
  }

  async close(): Promise<void> {
    switch (this.#state) {
      case "new":
        this.#state = "closed";
        this.#closed.resolve();
        break;
      case "opening":
      case "streaming":
        this.#state = "closing";
        this.#opened.reject(new RuntimeError("camera_failed", "the camera was closed while it opened"));
        this.#camera?.close();
        break;
      case "closing":
      case "closed":
        break;
    }
    await this.#closed.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #takeEvents(): void {
    for (let event = this.#camera?.take(); event !== undefined; event = this.#camera?.take()) {
      // First, so that the hole in front of a frame is known to be one of ours.
      this.#reportOverflow();
      this.#onEvent(event);
    }
  }

  #onEvent(event: NativeCameraEvent): void {
    switch (event.kind) {
      case "opened":
        this.#onOpened();
        break;
      case "frame":
        this.#onFrame(event);
        break;
      case "bad_frame":
        if (this.#state === "streaming") this.#events?.onBadFrame("frame_error", 1, event.sequence);
        break;
      case "lost":
        if (this.#state === "streaming") this.#events?.onFailure(event.error);
        break;
      case "failed":
        this.#opened.reject(event.error);
        break;
      case "closed":
        this.#state = "closed";
        this.#destroyWhenUnused();
        this.#closed.resolve();
        break;
    }
  }

  #onOpened(): void {
    if (this.#camera === undefined || this.#state !== "opening") return;
    const { format, bufferCount, frameDurationNs, cameraId, model } = this.#camera.stream();
    for (let index = 0; index < bufferCount; index++)
      this.#planes.push(this.#camera.buffer(index, format.strides.length));
    const memory = frameMemoryOf(this.#planes);
    const libcameraVersion = libcameraVersions().runtime;
    this.#info = { format, bufferCount, frameDurationNs, cameraId, model, memory, libcameraVersion };
    this.#state = "streaming";
    this.#opened.resolve(this.#info);
  }

  #onFrame(event: Extract<NativeCameraEvent, { kind: "frame" }>): void {
    if (this.#info === undefined || this.#state !== "streaming") {
      this.#camera?.release(event.buffer);
      return;
    }
    this.#framesOut++;
    const metadata = {
      frameNumber: event.sequence,
      sensorTimestampNs: event.sensorTimestampNs,
      monotonicNs: event.monotonicNs,
      realtimeNs: event.realtimeNs,
      frameDurationNs: event.frameDurationNs,
    };
    const pixels = { planes: this.#planes[event.buffer] ?? [], giveBack: () => this.#giveBack(event.buffer) };
    this.#events?.onFrame(new CapturedFrame(metadata, this.#info.format, pixels));
  }

  #giveBack(buffer: number): void {
    this.#framesOut--;
    this.#camera?.release(buffer);
    this.#destroyWhenUnused();
  }

  /** The buffers stay mapped until the camera is closed and the last frame's reader has let go. */
  #destroyWhenUnused(): void {
    if (this.#state !== "closed" || this.#framesOut > 0) return;
    this.#camera?.destroy();
    this.#camera = undefined;
  }

  #reportOverflow(): void {
    if (this.#state !== "streaming" || this.#camera === undefined) return;
    const overflow = this.#camera.overflowCount;
    if (overflow > this.#overflowSeen)
      this.#events?.onBadFrame("capture_overflow", overflow - this.#overflowSeen, null);
    this.#overflowSeen = overflow;
  }
}
