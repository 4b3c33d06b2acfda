import { RuntimeError } from "../errors.ts";

const FULL = new Set(["ENOSPC", "EDQUOT"]);

/** A failed file operation as an error that the host can act on. `what` says what was being done. */
export function diskError(what: string, cause: unknown): RuntimeError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const why = cause instanceof Error ? cause.message : String(cause);
  return new RuntimeError(FULL.has(code) ? "disk_full" : "disk_error", `${what}: ${why}`, { cause });
}
