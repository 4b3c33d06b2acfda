import { pinoLevel } from "../../log/log-level.ts";
import type { SetLogLevel } from "../../protocol/commands.ts";
import { ack } from "../replies.ts";
import type { RuntimeContext, UnaddressedStatus } from "../runtime-context.ts";

/** Sets how much goes into the log, until the module ends. */
export function setLogLevel({ log }: RuntimeContext, { level }: SetLogLevel): UnaddressedStatus {
  log.level = pinoLevel(level);
  return ack("set_log_level");
}
