import { AssignDevice } from "../protocol/commands.ts";
import { sleep } from "../sleep.ts";
import { BackOff } from "./back-off.ts";
import { assignDevice } from "./handlers/assign-device.ts";
import type { RuntimeContext } from "./runtime-context.ts";

interface AutoAssignmentOptions {
  readonly context: RuntimeContext;
  /** `picam:N`. */
  readonly deviceId: string;
  /** Aborting ends it. */
  readonly signal: AbortSignal;
  /** Does it in its turn among the commands, unless the module has finished by then. */
  readonly run: (job: () => Promise<void>) => Promise<void>;
}

/**
 * Assigns the camera that the host named on the command line, for which it sends no command: tries until it is there, or
 * any is assigned. What comes of it is told as statuses that nobody asked for, a failure again only when it is another.
 */
export async function assignUnasked({ context, deviceId, signal, run }: AutoAssignmentOptions): Promise<void> {
  const backOff = new BackOff(context.config.camera.reconnectPausesMs);
  let told: string | undefined;
  let isOver = false;
  const attempt = async (): Promise<void> => {
    if (signal.aborted) return;
    isOver = context.device !== undefined;
    if (isOver) return;
    const status = await assignDevice(
      context,
      AssignDevice.parse({ command: "assign_device", device_id: deviceId }),
      signal,
    );
    isOver = status.status === "device_ready";
    const failure = status.status === "device_error" ? status.payload.code : undefined;
    if (failure !== undefined && (failure === told || signal.aborted)) return;
    told = failure;
    context.announce(status);
  };
  // Once it is aborted, attempts may not be run any more.
  while (!signal.aborted) {
    await run(attempt);
    if (isOver) return;
    await sleep(backOff.next(), signal).catch(() => undefined);
  }
}
