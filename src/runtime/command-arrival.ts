import { RuntimeError } from "../errors.ts";
import type { AssignDevice, Command } from "../protocol/commands.ts";
import type { AutoAssignment } from "./auto-assignment.ts";
import type { RuntimeContext, UnaddressedStatus } from "./runtime-context.ts";
import type { Waits } from "./waits.ts";

interface CommandArrival {
  readonly context: RuntimeContext;
  readonly waits: Waits;
  readonly autoAssignment: AutoAssignment | undefined;
  readonly reply: (status: UnaddressedStatus) => void;
}

/** What a command brings about when it comes. Its turn comes after the commands before it; this must not wait for that. */
export function actOnArrival(command: Command, { context, waits, autoAssignment, reply }: CommandArrival): void {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- of all others nothing is to be done
  switch (command.command) {
    case "quit":
      waits.stop("quit");
      return;
    case "unassign_all_devices":
      waits.interrupt(new RuntimeError("shutting_down", "all devices are being unassigned"));
      return;
    case "unassign_device":
      autoAssignment?.endFor(command);
      return;
    case "assign_device":
      // RPi Logger sends it again unless it hears of it, while a camera takes its time.
      if (mayComeToIt(context, command)) reply({ status: "device_ack", payload: { device_id: command.device_id } });
  }
}

function mayComeToIt({ config, device, openingDeviceId, stopSignal }: RuntimeContext, { device_id }: AssignDevice) {
  const isRefused = (device?.deviceId ?? openingDeviceId ?? device_id) !== device_id;
  return config.enableCommands && !isRefused && !stopSignal.aborted;
}
