import type { TrafficEntry } from "../../src/debug/viewer-messages.ts";

/** A command received; one millisecond passes from each sequence to the next. */
export function command(sequence: number, name: string | null, id: string | null, payload = {}): TrafficEntry {
  return entry(sequence, "in", name, id, payload);
}

/** A status sent. */
export function status(sequence: number, name: string | null, id: string | null, payload = {}): TrafficEntry {
  return entry(sequence, "out", name, id, payload);
}

function entry(
  sequence: number,
  direction: "in" | "out",
  name: string | null,
  id: string | null,
  payload: Readonly<Record<string, unknown>>,
): TrafficEntry {
  const at = new Date(Date.UTC(2026, 0, 6, 14, 30, 50) + sequence).toISOString();
  return { sequence, at, monotonic_ms: 100_000 + sequence, direction, name, id, payload };
}
