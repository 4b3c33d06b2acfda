import type { StopRecording } from "../../protocol/commands.ts";
import { endRecordingAsked } from "../end-recording.ts";
import { nack } from "../replies.ts";
import type { RuntimeContext, UnaddressedStatus } from "../runtime-context.ts";

/** Ends the recording; the files are complete before the reply. */
export async function stopRecording(
  context: RuntimeContext,
  { command }: StopRecording,
  commandId: string,
): Promise<UnaddressedStatus> {
  const reply = await endRecordingAsked(context, command, commandId);
  return reply ?? nack(command, "not_recording", "nothing is being recorded, expected start_recording first");
}
