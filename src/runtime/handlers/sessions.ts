import { resolve } from "node:path";
import type { StartSession } from "../../protocol/commands.ts";
import { endRecordingAsked } from "../end-recording.ts";
import { ack } from "../replies.ts";
import type { RuntimeContext, UnaddressedStatus } from "../runtime-context.ts";

/** Sets the session directory for recordings that name none. It is made when the first of them starts. */
export async function startSession(context: RuntimeContext, command: StartSession): Promise<UnaddressedStatus> {
  context.sessionDir = resolve(command.session_dir);
  return ack("start_session");
}

/** Stops any recording. */
export async function stopSession(context: RuntimeContext, commandId: string): Promise<UnaddressedStatus> {
  return (await endRecordingAsked(context, "stop_session", commandId)) ?? ack("stop_session");
}
