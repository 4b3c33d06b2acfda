import type { Command } from "../protocol/commands.ts";
import { CLOSE_AT_EXIT_MS } from "./closes-within.ts";
import { assignDevice } from "./handlers/assign-device.ts";
import { startSession, stopSession } from "./handlers/sessions.ts";
import { startRecording } from "./handlers/start-recording.ts";
import { stopRecording } from "./handlers/stop-recording.ts";
import { releaseDevice, unassignDevice } from "./handlers/unassign-device.ts";
import type { RuntimeContext, UnaddressedStatus } from "./runtime-context.ts";

/** Does what the command says and returns its one final reply. `commandId`: its own, or the one that it was given. */
export async function handleCommand(
  context: RuntimeContext,
  command: Command,
  commandId: string,
): Promise<UnaddressedStatus> {
  switch (command.command) {
    case "assign_device":
      return await assignDevice(context, command);
    case "unassign_device":
      return await unassignDevice(context, command, commandId);
    case "start_recording":
      return await startRecording(context, command, commandId);
    case "stop_recording":
      return await stopRecording(context, commandId);
    case "start_session":
      return await startSession(context, command);
    case "stop_session":
      return await stopSession(context, commandId);
    case "quit":
      await releaseDevice(context, { reason: "quit", commandId }, CLOSE_AT_EXIT_MS);
      return { status: "quitting", payload: {} };
  }
}
