/** Local time without a zone, as RPi Logger writes and reads it: `2026-01-06T14:30:51.120`. */
export function localTime(date: Date): string {
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, -1);
}

/** The same to the second, fit for ids and file names: `20260106_143051`. */
export function compactLocalTime(date: Date): string {
  return localTime(date).slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "_");
}
