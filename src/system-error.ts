/** The system's word for an error (`ENOSPC`, `EPIPE` …), undefined where it has none. */
export function systemErrorCode(thrown: unknown): string | undefined {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : undefined;
}
