import { RuntimeError } from "../errors.ts";
import { AssignDevice, type UnassignDevice } from "../protocol/commands.ts";
import { sleep } from "../sleep.ts";
import { BackOff } from "./back-off.ts";
import { loadAssignDevice } from "./load-assign-device.ts";
import type { RuntimeContext } from "./runtime-context.ts";

interface AutoAssignmentOptions {
  readonly context: RuntimeContext;
  /** Aborting ends it. */
  readonly signal: AbortSignal;
  /** Does it in its turn among the commands, unless the module has finished by then. */
  readonly run: (job: () => Promise<void>) => Promise<void>;
}

/**
 * Assigns the camera that the host named on the command line, for which it sends no command: tries until it is there, or
 * any is assigned. What comes of it is told as statuses that nobody asked for, a failure again only when it is another.
 */
export class AutoAssignment {
  readonly #options: AutoAssignmentOptions;
  readonly #deviceId: string;
  readonly #unwanted = new AbortController();
  readonly #signal: AbortSignal;
  #state: "trying" | "over" = "trying";
  /** Why it failed, as it was told last. */
  #told: string | undefined;

  /** undefined where the host named none. */
  static begin(options: AutoAssignmentOptions): AutoAssignment | undefined {
    const { enableCommands, camera } = options.context.config;
    if (!enableCommands || camera.cameraIndex === undefined) return undefined;
    return new AutoAssignment(`picam:${camera.cameraIndex}`, options);
  }

  private constructor(deviceId: string, options: AutoAssignmentOptions) {
    this.#options = options;
    this.#deviceId = deviceId;
    this.#signal = AbortSignal.any([options.signal, this.#unwanted.signal]);
    void this.#try();
  }

  /** The host unassigns this device, or whichever is assigned: it does not want it any more. */
  endFor({ device_id: deviceId = this.#deviceId }: UnassignDevice): void {
    if (deviceId !== this.#deviceId) return;
    this.#unwanted.abort(new RuntimeError("shutting_down", "the device is being unassigned"));
  }

  async #try(): Promise<void> {
    const backOff = new BackOff(this.#options.context.config.camera.reconnectPausesMs);
    // Once it is aborted, attempts may not be run any more.
    while (!this.#signal.aborted) {
      await this.#options.run(() => this.#attempt());
      if (this.#state === "over") return;
      await sleep(backOff.next(), this.#signal).catch(() => undefined);
    }
  }

  async #attempt(): Promise<void> {
    const { context } = this.#options;
    if (context.device !== undefined) this.#state = "over";
    if (this.#state === "over" || this.#signal.aborted) return;
    const command = AssignDevice.parse({ command: "assign_device", device_id: this.#deviceId });
    const assignDevice = await loadAssignDevice();
    const status = await assignDevice(context, command, this.#signal);
    const failure = status.status === "device_error" ? status.payload.code : undefined;
    if (failure === undefined) this.#state = "over";
    else if (failure === this.#told || this.#signal.aborted) return;
    this.#told = failure;
    context.announce(status);
  }
}
