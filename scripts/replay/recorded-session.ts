import { Dialogue, type Exchange, type Said } from "./dialogue.ts";
import type { CommandRecord, LogRecord } from "./log-record.ts";

/** What happened, in the order in which a host saw it. */
export type SessionEvent =
  | { readonly kind: "command"; readonly atMs: number; readonly command: CommandRecord; readonly exchange: Exchange }
  /** `count`: final replies of the exchange, with this one; 0 for an interim one. */
  | { readonly kind: "reply"; readonly atMs: number; readonly index: number; readonly count: number }
  | { readonly kind: "unasked"; readonly atMs: number; readonly said: Said };

/** What one process of the module was told and said. All times are ms since its `ready`, or since its first line. */
export interface RecordedSession {
  /** Wall clock, ms since 1970. */
  readonly startedMs: number;
  readonly durationMs: number;
  /** Without `ready`, the log holds the rest of a session only. */
  readonly isWhole: boolean;
  readonly events: readonly SessionEvent[];
  readonly commands: readonly CommandRecord[];
  readonly dialogue: Dialogue;
}

/** Each `ready` begins a session; what stands before the first is one without its beginning. */
export function splitSessions(records: readonly LogRecord[]): LogRecord[][] {
  const sessions: LogRecord[][] = [];
  for (const record of records) {
    if (sessions.length === 0 || isReady(record)) sessions.push([]);
    sessions.at(-1)?.push(record);
  }
  return sessions;
}

/** `pauseMaxMs`: longer pauses are taken for as long as that. A clock that was set back takes no time. */
export function readSession(records: readonly LogRecord[], pauseMaxMs = Number.POSITIVE_INFINITY): RecordedSession {
  const said = records.filter((record) => record.kind === "command" || record.kind === "status");
  const dialogue = new Dialogue();
  const commands: CommandRecord[] = [];
  const events: SessionEvent[] = [];
  const startedMs = said[0]?.timeMs ?? 0;
  let [atMs, lastMs] = [0, startedMs];
  for (const record of said) {
    atMs += Math.min(pauseMaxMs, Math.max(0, record.timeMs - lastMs));
    lastMs = record.timeMs;
    if (record.kind === "command") {
      const exchange = dialogue.command(record.name, record.id ?? undefined, atMs);
      commands.push(record);
      events.push({ kind: "command", atMs, command: record, exchange });
      // What was logged before its command.
      if (exchange.interim.length > 0) events.push({ kind: "reply", atMs, index: commands.length - 1, count: 0 });
    } else {
      const { status, payload, replyTo } = record;
      const one: Said = { status, payload, replyTo: replyTo ?? undefined, atMs };
      const exchange = dialogue.status(one);
      if (dialogue.unasked.at(-1) === one) events.push({ kind: "unasked", atMs, said: one });
      if (exchange === undefined) continue;
      const count = exchange.final.includes(one) ? exchange.final.length : 0;
      events.push({ kind: "reply", atMs, index: dialogue.exchanges.indexOf(exchange), count });
    }
  }
  const isWhole = records[0] !== undefined && isReady(records[0]);
  return { startedMs, durationMs: atMs, isWhole, events, commands, dialogue };
}

function isReady(record: LogRecord): boolean {
  return record.kind === "status" && record.status === "ready";
}
