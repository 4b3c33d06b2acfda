import { messageOf, RuntimeError } from "../errors.ts";
import { systemErrorCode } from "../system-error.ts";

const FULL = new Set(["ENOSPC", "EDQUOT"]);

/** A failed file operation as an error that the host can act on. `what` says what was being done. */
export function diskError(what: string, cause: unknown): RuntimeError {
  const code = FULL.has(systemErrorCode(cause) ?? "") ? "disk_full" : "disk_error";
  return new RuntimeError(code, `${what}: ${messageOf(cause)}`, { cause });
}
