import type { Said } from "./dialogue.ts";
import type { RecordedSession } from "./recorded-session.ts";
import { pathsIn, sessionDirOf, type SessionPaths } from "./session-paths.ts";

/** Options that the recorded program must have had, by what it said: the log does not hold them. */
export function inferOptions(session: RecordedSession, paths: SessionPaths): string[] {
  const { unasked, exchanges } = session.dialogue;
  const said = [...unasked, ...exchanges.flatMap(({ interim, final }) => [...interim, ...final])];
  const options: string[] = [];
  const index = autoAssignedIndex(session);
  if (index !== undefined || said.some(({ status }) => status === "device_ack")) options.push("--enable-commands");
  if (index !== undefined) options.push("--camera-index", index);
  if (said.some(({ payload }) => payload["code"] === "missing_command_id")) options.push("--strict-command-ids");
  const outputDir = outputDirOf(session, said);
  if (outputDir !== undefined) options.push("--output-dir", paths.redirect(outputDir));
  return options;
}

/** The N of `picam:N`, where that was opened and nobody had assigned anything. */
function autoAssignedIndex({ isWhole, events }: RecordedSession): string | undefined {
  if (!isWhole) return undefined;
  for (const event of events) {
    if (event.kind === "command" && event.command.name === "assign_device") return undefined;
    if (event.kind !== "unasked" || !/^device_(ready|error)$/.test(event.said.status)) continue;
    return /^picam:(\d{1,4})$/.exec(String(event.said.payload["device_id"]))?.[1];
  }
  return undefined;
}

/** Where files went that no command named a session directory for. */
function outputDirOf({ commands }: RecordedSession, said: readonly Said[]): string | undefined {
  const named = commands.map(({ payload }) => payload["session_dir"]).filter((value) => typeof value === "string");
  return said
    .flatMap(pathsIn)
    .filter((path) => !named.some((directory) => path.startsWith(`${directory.replace(/\/+$/, "")}/`)))
    .map(sessionDirOf)
    .find((directory) => directory !== undefined);
}
