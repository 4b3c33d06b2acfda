import { LINE_BYTES_MAX } from "../../src/protocol/line-reader.ts";
import type { Exchange } from "./dialogue.ts";
import type { CommandRecord } from "./log-record.ts";
import type { SessionPaths } from "./session-paths.ts";

/** What the log cuts payloads off at, characters, and what it puts for the rest. */
const LOGGED_CHARACTERS_MAX = 32_768;
const REST = '"…"';

export interface LineToSend {
  readonly text: string;
  /** The id that it will be answered with; undefined where it has none. */
  readonly id: string | undefined;
  /** How far it is what was sent then: `as_logged` up to fields that the module ignores. */
  readonly likeness: "as_logged" | "cut_off_in_log" | "stand_in";
}

/** The line that has the same effect as the recorded one. Of a line that was no JSON object, the log holds nothing. */
export function lineToSend({ id, name, payload }: CommandRecord, recorded: Exchange, paths: SessionPaths): LineToSend {
  if (name === null && id === null && Object.keys(payload).length === 0) {
    return { text: standIn(recorded.final[0]?.payload["code"]), id: undefined, likeness: "stand_in" };
  }
  const logged = JSON.stringify(payload);
  const isCutOff = logged.length >= LOGGED_CHARACTERS_MAX || logged.includes(REST);
  return {
    text: JSON.stringify(paths.redirectCommand(payload)),
    // The log's id is the command's own, or was made up.
    id: payload["command_id"] === id ? (id ?? undefined) : undefined,
    likeness: isCutOff ? "cut_off_in_log" : "as_logged",
  };
}

/** A line that is refused with the same code. */
function standIn(code: unknown): string {
  switch (code) {
    case "bad_command":
      return "{}";
    case "line_too_long":
      return "x".repeat(LINE_BYTES_MAX + 1);
    case undefined:
    default:
      return "not JSON";
  }
}
