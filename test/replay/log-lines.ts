const START_MS = Date.parse("2026-01-06T14:30:50.000Z");

type Payload = Readonly<Record<string, unknown>>;

/** A line of `commands.jsonl`, so many ms after the first. */
export function commandLine(atMs: number, payload: Payload, id: unknown = payload["command_id"] ?? null): string {
  const { command: cmd = null } = payload;
  return JSON.stringify({ ts: time(atMs), dir: "in", cmd, id, payload });
}

/** The same of a status; `replyTo`: null where nobody asked. */
export function statusLine(atMs: number, status: string, replyTo: string | null, payload: Payload = {}): string {
  return JSON.stringify({ ts: time(atMs), dir: "out", status, reply_to: replyTo, payload });
}

/** The same of how far a command has come. */
export function stateLine(atMs: number, id: string | null, state: string): string {
  return JSON.stringify({ ts: time(atMs), id, state, duration_ms: 0 });
}

function time(atMs: number): string {
  return new Date(START_MS + atMs).toISOString();
}
