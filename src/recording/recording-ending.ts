import type { RuntimeError } from "../errors.ts";

/** Why a recording is to end. */
export interface RecordingEnding {
  /** `stop_recording` or `stop_session` where that command asks for just this, else what makes it end: `unassign`, `SIGTERM`. */
  readonly reason: string;
  /** A command asks for just this. */
  readonly isAsked: boolean;
  /** Of the command that ends it, if one does. */
  readonly commandId: string | null;
}

/** The word for why it has ended: one that failed did not end because it was asked to. */
export function endReason({ reason, isAsked }: RecordingEnding, failure: RuntimeError | undefined): string {
  return isAsked && failure !== undefined ? failure.code : reason;
}
