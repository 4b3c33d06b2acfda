import { quote, RuntimeError } from "../errors.ts";

/** Why the module stops, as recordings that end with it say it. */
export type StopReason = "quit" | "stdin_end" | "host_gone" | "SIGTERM" | "SIGINT" | "SIGHUP" | "internal_error";

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

  stop(reason: StopReason): void {
    this.#stop.abort(new RuntimeError("shutting_down", `the module is stopping (${quote(reason)})`));
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
