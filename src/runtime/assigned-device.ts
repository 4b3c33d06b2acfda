import type { FrameSource, StreamInfo } from "../capture/frame-source.ts";
import { RuntimeError } from "../errors.ts";
import { AssignedCamera, type AssignedCameraEvents, type AssignedCameraOptions } from "./assigned-camera.ts";
import { BackOff, type Pauses } from "./back-off.ts";
import { closesWithin } from "./closes-within.ts";
import { Reconnection } from "./reconnection.ts";

export interface AssignedDeviceOptions extends AssignedCameraOptions {
  /** The camera, anew for each attempt to open it. `known`: what it said of itself when it was assigned. */
  readonly createSource: (known: StreamInfo | undefined) => FrameSource;
  /** Between the attempts to have a failed camera back. */
  readonly pauses: Pauses;
}

export interface AssignedDeviceEvents extends AssignedCameraEvents {
  /** A camera that had failed delivers frames again; it is to be taken by `resume()`. */
  onCameraBack(): void;
  onAttemptFailed(error: RuntimeError, pauseMs: number): void;
}

type State =
  | { readonly kind: "streaming"; readonly camera: AssignedCamera; readonly sinceMs: number }
  | { readonly kind: "reconnecting"; readonly cause: RuntimeError; readonly reconnection: Reconnection }
  | { readonly kind: "closed" };

/** How long a camera that failed may take to close before it is opened again, which may find it busy. */
const CLOSE_FAILED_MS = 3000;

/** What the host assigned, until it is unassigned: a camera and, after that failed, the attempts to have it back. */
export class AssignedDevice {
  readonly #options: AssignedDeviceOptions;
  readonly #events: AssignedDeviceEvents;
  readonly #backOff: BackOff;
  readonly #closing = new AbortController();
  /** Aborted when the module stops or the device is closed. */
  readonly #signal: AbortSignal;
  /** Those that are not closed yet: a camera that failed may take its time. */
  readonly #sources = new Set<FrameSource>();
  readonly #known: StreamInfo;
  #state: State;

  /** Opens the camera. Throws as AssignedCamera.open. Aborting `signal` ends attempts to have a camera back as well. */
  static async open(
    options: AssignedDeviceOptions,
    events: AssignedDeviceEvents,
    signal: AbortSignal,
  ): Promise<AssignedDevice> {
    const source = options.createSource(undefined);
    const camera = await AssignedCamera.open(source, options, events, signal);
    return new AssignedDevice(source, camera, options, events, signal);
  }

  private constructor(
    source: FrameSource,
    camera: AssignedCamera,
    options: AssignedDeviceOptions,
    events: AssignedDeviceEvents,
    signal: AbortSignal,
  ) {
    this.#sources.add(source);
    this.#known = camera.info;
    this.#options = options;
    this.#events = events;
    this.#backOff = new BackOff(options.pauses);
    this.#signal = AbortSignal.any([signal, this.#closing.signal]);
    this.#state = streaming(camera);
  }

  get deviceId(): string {
    return this.#options.deviceId;
  }

  /** undefined: it failed, and is not back yet. */
  get camera(): AssignedCamera | undefined {
    return this.#state.kind === "streaming" ? this.#state.camera : undefined;
  }

  /** Why there is no camera. */
  get fault(): RuntimeError | undefined {
    return this.#state.kind === "reconnecting" ? this.#state.cause : undefined;
  }

  /** Closes the camera that failed and begins to try to have it back. Its recording must have been stopped. */
  reconnect(cause: RuntimeError): void {
    if (this.#state.kind !== "streaming") return;
    const { camera, sinceMs } = this.#state;
    this.#backOff.wasWell(performance.now() - sinceMs);
    const closed = camera.close(CLOSE_FAILED_MS, this.#signal);
    for (const source of this.#sources) this.#forgetOnceClosed(source);
    const reconnection = new Reconnection({
      before: closed,
      open: (signal) => this.#openAgain(signal),
      backOff: this.#backOff,
      onBack: () => this.#events.onCameraBack(),
      onAttemptFailed: (error, pauseMs) => this.#events.onAttemptFailed(error, pauseMs),
      signal: this.#signal,
    });
    this.#state = { kind: "reconnecting", cause, reconnection };
  }

  /** Takes a camera that is back; false where there is none, or not any more. */
  resume(): boolean {
    if (this.#state.kind !== "reconnecting") return false;
    const { camera } = this.#state.reconnection;
    if (camera === undefined) return false;
    this.#state = streaming(camera);
    if (camera.fault === undefined) return true;
    this.reconnect(camera.fault);
    return false;
  }

  /** Tries at once to have a failed camera back. Throws what went wrong; the attempts go on. */
  async attemptNow(): Promise<void> {
    if (this.#state.kind !== "reconnecting") return;
    await this.#state.reconnection.attemptNow();
    if (this.resume() || this.#state.kind !== "reconnecting") return;
    throw this.#state.cause;
  }

  /** Ends everything; false where a camera is not closed in time: see closesWithin(). A recording must have been stopped. */
  async close(timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    const camera = this.#state.kind === "reconnecting" ? this.#state.reconnection.camera : this.camera;
    this.#state = { kind: "closed" };
    this.#closing.abort(new RuntimeError("shutting_down", "the device is unassigned"));
    const closings = [...this.#sources].map((source) => closesWithin(source, timeoutMs, signal));
    await camera?.close(timeoutMs, signal);
    return (await Promise.all(closings)).every((isClosed) => isClosed);
  }

  async #openAgain(signal: AbortSignal): Promise<AssignedCamera> {
    const source = this.#options.createSource(this.#known);
    this.#sources.add(source);
    try {
      return await AssignedCamera.open(source, this.#options, this.#events, signal);
    } catch (error) {
      this.#forgetOnceClosed(source);
      throw error;
    }
  }

  #forgetOnceClosed(source: FrameSource): void {
    const forget = (): boolean => this.#sources.delete(source);
    source.close().then(forget, forget);
  }
}

function streaming(camera: AssignedCamera): State {
  return { kind: "streaming", camera, sinceMs: performance.now() };
}
