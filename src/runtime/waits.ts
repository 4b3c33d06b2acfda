import type { RuntimeError } from "../errors.ts";

/**
 * What ends waits for a camera before their time: for good when the module stops, and for the commands that came so far
 * when all devices are to be released.
 */
export class Waits {
  readonly #stop = new AbortController();
  #untilInterrupted = new AbortController();
  #signal = this.#newSignal();

  /** Aborted when the module is to stop. */
  get stopSignal(): AbortSignal {
    return this.#stop.signal;
  }

  /** For the command that comes now. */
  get signal(): AbortSignal {
    return this.#signal;
  }

  stop(error: RuntimeError): void {
    this.#stop.abort(error);
  }

  /** Ends the waits of what came so far; what comes from now on may wait. */
  interrupt(error: RuntimeError): void {
    this.#untilInterrupted.abort(error);
    this.#untilInterrupted = new AbortController();
    this.#signal = this.#newSignal();
  }

  #newSignal(): AbortSignal {
    return AbortSignal.any([this.#stop.signal, this.#untilInterrupted.signal]);
  }
}
