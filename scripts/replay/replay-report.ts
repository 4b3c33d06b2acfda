import { type ComparableOptions, isCameraNamed } from "./comparable-fields.ts";
import { compareExchanges, type Difference, nameOf, pairUnasked } from "./compare-sessions.ts";
import type { Exchange, Said } from "./dialogue.ts";
import type { PlayedSession } from "./play-session.ts";
import type { RecordedSession } from "./recorded-session.ts";
import type { SessionPaths } from "./session-paths.ts";

/** One side's answer to a command. */
export interface Answer {
  /** `device_ack device_ready`, with the word that tells most: `command_nack no_device`; null: none. */
  readonly status: string | null;
  /** From the command to the final reply; null without one. */
  readonly duration_ms: number | null;
  /** Of the final reply. */
  readonly payload: Readonly<Record<string, unknown>> | null;
}

/** The names are those of `--json`. */
export interface ReplayReport {
  readonly commands: readonly {
    readonly command: string | null;
    readonly id: string | null;
    /** Since `ready`, as recorded. */
    readonly at_ms: number;
    readonly recorded: Answer;
    readonly replayed: Answer;
    readonly differences: readonly Difference[];
  }[];
  /** Statuses that nobody asked for; null where one side did not say it. */
  readonly unasked: readonly { readonly recorded: string | null; readonly replayed: string | null }[];
  /** Replies of today to ids that were never sent. */
  readonly strays: readonly string[];
  readonly exit_code: number | null;
  readonly notes: readonly string[];
  /** How many commands, statuses that nobody asked for, and endings differ. */
  readonly difference_count: number;
}

/** Holds what was said today against what was recorded. */
export function reportOf(session: RecordedSession, played: PlayedSession, paths: SessionPaths): ReplayReport {
  const named = isCameraNamed(session);
  const ofRecorded: ComparableOptions = { originalPath: (path) => path, isCameraNamed: named };
  const ofReplayed: ComparableOptions = { originalPath: (path) => paths.original(path), isCameraNamed: named };
  const commands = session.commands.map(({ name, id }, index) => {
    const recorded = session.dialogue.exchanges[index] ?? { atMs: 0, interim: [], final: [] };
    const replayed = played.dialogue.exchanges[index];
    return {
      command: name,
      id,
      at_ms: round(recorded.atMs),
      recorded: answerOf(recorded),
      replayed: answerOf(replayed),
      differences: compareExchanges(recorded, replayed, { ofRecorded, ofReplayed }),
    };
  });
  const unasked = pairUnasked(session.dialogue, played.dialogue)
    // The rest of a session has none.
    .filter(({ replayed }) => session.isWhole || replayed?.status !== "ready")
    .map((pair) => ({ recorded: nameOf(pair.recorded) ?? null, replayed: nameOf(pair.replayed) ?? null }));
  const strays = played.dialogue.strays.map((said) => `${nameOf(said)} to ${said.replyTo ?? "no id"}`);
  const counts = [
    commands.filter(({ differences }) => differences.length > 0).length,
    unasked.filter(({ recorded, replayed }) => recorded === null || replayed === null).length,
    strays.length,
    played.exitCode === 0 ? 0 : 1,
  ];
  return {
    commands,
    unasked,
    strays,
    exit_code: played.exitCode,
    notes: notesOn(session, played),
    difference_count: counts.reduce((sum, count) => sum + count, 0),
  };
}

function notesOn(session: RecordedSession, { standIns, cutOff }: PlayedSession): string[] {
  const strays = session.dialogue.strays.length;
  return [
    ...(session.isWhole ? [] : ["the session's beginning is not in the log: what it had been told before is missing"]),
    ...(strays > 0 ? [`${strays} recorded replies are to commands that are not in the log: left out`] : []),
    ...(standIns > 0 ? [`${standIns} lines were no JSON objects, and the log does not hold them: stand-ins sent`] : []),
    ...(cutOff > 0 ? [`${cutOff} commands are cut off in the log: sent as far as they are there`] : []),
  ];
}

function answerOf(exchange: Exchange | undefined): Answer {
  const said: readonly Said[] = exchange === undefined ? [] : [...exchange.interim, ...exchange.final];
  const final = exchange?.final[0];
  return {
    status: said.map(nameOf).join(" ") || null,
    duration_ms: exchange === undefined || final === undefined ? null : round(final.atMs - exchange.atMs),
    payload: final?.payload ?? null,
  };
}

/** To 10 µs. */
function round(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
