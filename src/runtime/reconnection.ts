import { type RuntimeError, toRuntimeError } from "../errors.ts";
import { sleep } from "../sleep.ts";
import type { AssignedCamera } from "./assigned-camera.ts";
import type { BackOff } from "./back-off.ts";
import { CLOSE_AT_EXIT_MS } from "./closes-within.ts";

export interface ReconnectionOptions {
  /** What has to be over before the first attempt. Must not reject. */
  readonly before: Promise<unknown>;
  /** Makes one attempt. */
  readonly open: (signal: AbortSignal) => Promise<AssignedCamera>;
  readonly backOff: BackOff;
  /** The camera delivers frames again: see `camera`. Called at most once. */
  readonly onBack: () => void;
  /** `pauseMs`: until the next attempt. */
  readonly onAttemptFailed: (error: RuntimeError, pauseMs: number) => void;
  /** Aborting ends the attempts at once. */
  readonly signal: AbortSignal;
}

/** The attempts to have a failed camera back: one after the other, with a pause before each. */
export class Reconnection {
  readonly #options: ReconnectionOptions;
  /** Aborted: the attempt is made at once. */
  #pause = new AbortController();
  /** Of the attempt that is being made, else of the next one. */
  #outcome = newOutcome();
  #camera: AssignedCamera | undefined;

  constructor(options: ReconnectionOptions) {
    this.#options = options;
    void this.#run();
  }

  /** The camera, once it is back. */
  get camera(): AssignedCamera | undefined {
    return this.#camera;
  }

  /** Cuts a pause short; resolves once the camera is back. Throws what this attempt said; the attempts go on. */
  async attemptNow(): Promise<void> {
    const { promise } = this.#outcome;
    this.#pause.abort();
    await promise;
  }

  async #run(): Promise<void> {
    const { before, backOff, signal, onAttemptFailed, onBack } = this.#options;
    await before;
    let pauseMs = backOff.next();
    while (this.#camera === undefined) {
      await sleep(pauseMs, AbortSignal.any([signal, this.#pause.signal])).catch(() => undefined);
      try {
        this.#camera = await this.#attempt(signal);
      } catch (thrown) {
        const error = toRuntimeError(thrown, "camera_failed");
        this.#outcome.reject(error);
        // Whoever asks from now on hears the same.
        if (signal.aborted) return;
        this.#outcome = newOutcome();
        this.#pause = new AbortController();
        pauseMs = backOff.next();
        onAttemptFailed(error, pauseMs);
      }
    }
    this.#outcome.resolve();
    onBack();
  }

  async #attempt(signal: AbortSignal): Promise<AssignedCamera> {
    signal.throwIfAborted();
    const camera = await this.#options.open(signal);
    if (!signal.aborted) return camera;
    await camera.close(CLOSE_AT_EXIT_MS);
    throw signal.reason;
  }
}

function newOutcome(): PromiseWithResolvers<void> {
  const outcome = Promise.withResolvers<void>();
  // Mostly nobody waits for it.
  outcome.promise.catch(() => undefined);
  return outcome;
}
