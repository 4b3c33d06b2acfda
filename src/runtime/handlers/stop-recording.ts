import { endRecordingAsked } from "../end-recording.ts";
import { nack } from "../replies.ts";
import type { RuntimeContext, UnaddressedStatus } from "../runtime-context.ts";

/** Ends the recording; the files are complete before the reply. */
export async function stopRecording(context: RuntimeContext, commandId: string): Promise<UnaddressedStatus> {
  const reply = await endRecordingAsked(context, "stop_recording", commandId);
  return reply ?? nack("stop_recording", "not_recording", "nothing is being recorded, expected start_recording first");
}
