import type { RuntimeContext } from "./runtime-context.ts";
import { type WarningCode, warning } from "./replies.ts";

/** Tells the log and the host of something that was survived. `message`: a sentence. */
export function warn(context: RuntimeContext, code: WarningCode, message: string): void {
  context.log.warn({ code }, message);
  context.announce(warning(code, message));
}
