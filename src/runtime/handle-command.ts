import type { Command } from "../protocol/commands.ts";
import { CLOSE_AT_EXIT_MS } from "./closes-within.ts";
import { loadAssignDevice } from "./load-assign-device.ts";
import { getStatus } from "./handlers/get-status.ts";
import { setLogLevel } from "./handlers/set-log-level.ts";
import { startSession, stopSession } from "./handlers/sessions.ts";
import { startRecording } from "./handlers/start-recording.ts";
import { stopRecording } from "./handlers/stop-recording.ts";
import { takeSnapshot } from "./handlers/take-snapshot.ts";
import { releaseDevice, unassignDevice } from "./handlers/unassign-device.ts";
import { ack } from "./replies.ts";
import type { RuntimeContext, UnaddressedStatus } from "./runtime-context.ts";

interface CommandCall {
  /** The command's own id, or the one that it was given. */
  readonly commandId: string;
  /** Aborted: it must not wait for a camera any longer. */
  readonly signal: AbortSignal;
}

/** Does what the command says and returns its one final reply. */
export async function handleCommand(
  context: RuntimeContext,
  command: Command,
  { commandId, signal }: CommandCall,
): Promise<UnaddressedStatus> {
  switch (command.command) {
    case "assign_device":
      return await (await loadAssignDevice())(context, command, signal);
    case "unassign_device":
      return await unassignDevice(context, command, commandId);
    case "unassign_all_devices":
      return await unassignDevice(context, { device_id: undefined }, commandId);
    case "start_recording":
    case "record":
      return await startRecording(context, command, commandId);
    case "stop_recording":
    case "pause":
      return await stopRecording(context, command, commandId);
    case "start_session":
      return await startSession(context, command);
    case "stop_session":
      return await stopSession(context, commandId);
    case "take_snapshot":
      return await takeSnapshot(context, command, signal);
    case "get_status":
      return getStatus(context);
    case "set_log_level":
      return setLogLevel(context, command);
    case "quit":
      await releaseDevice(context, { reason: "quit", commandId }, CLOSE_AT_EXIT_MS);
      return { status: "quitting", payload: {} };
    // A window we have none, and the radio is not for cameras: what hosts tell every module.
    case "get_geometry":
    case "show_window":
    case "hide_window":
    default:
      return ack(command.command);
  }
}
