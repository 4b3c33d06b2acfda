/** `npm run replay -- commands.jsonl`: see HELP in replay-arguments.ts. */
import { mkdir, readdir, rmdir } from "node:fs/promises";
import { resolve } from "node:path";
import { compactLocalTime } from "../../src/protocol/local-time.ts";
import { messageOf, quote } from "../../src/errors.ts";
import { printable } from "../../src/verify/printable.ts";
import { inferOptions } from "./infer-options.ts";
import { NotReadyError, type PlayedSession, type PlayOptions, playSession } from "./play-session.ts";
import { readCommandLog } from "./read-command-log.ts";
import { type RecordedSession, readSession, splitSessions } from "./recorded-session.ts";
import { HELP, parseReplayArguments, type ReplayArguments, ReplayUsageError } from "./replay-arguments.ts";
import { reportLines } from "./report-lines.ts";
import { reportOf } from "./replay-report.ts";
import { SessionPaths } from "./session-paths.ts";
import { UnreadableLogError } from "./unreadable-log-error.ts";

const EXIT_ALIKE = 0;
const EXIT_DIFFERENT = 1;
const EXIT_UNREADABLE = 2;

try {
  const given = parseReplayArguments(process.argv.slice(2));
  process.exitCode = given === "help" ? print(HELP) : await replay(given);
} catch (error) {
  const isExpected = [ReplayUsageError, UnreadableLogError, NotReadyError].some((kind) => error instanceof kind);
  if (!isExpected) throw error;
  process.stderr.write(`replay: ${printable(messageOf(error))}\n`);
  process.exitCode = EXIT_UNREADABLE;
}

async function replay(given: ReplayArguments): Promise<number> {
  const { path, speed, timeoutMs, isJson } = given;
  const { records, notes } = await readCommandLog(path);
  const sessions = splitSessions(records);
  const number = given.session ?? sessions.length;
  const chosen = sessions[number - 1];
  if (chosen === undefined) {
    throw new ReplayUsageError(`--session: got ${number}, expected 1 to ${sessions.length}: as many are in the log`);
  }
  const session = readSession(chosen, given.pauseMaxMs);
  const paths = new SessionPaths(await makeRoot(given.sessionRoot));
  const args = ["--source", "synthetic", ...inferOptions(session, paths), ...given.programArgs];
  const began = new Date(session.startedMs).toISOString();
  const head = [
    `${path}: session ${number} of ${sessions.length}, ${began}, ${(session.durationMs / 1000).toFixed(1)} s`,
    `program: ${args.join(" ")}`,
    `session directories: ${paths.root}`,
    ...notes.map((note) => `note: ${note}`),
  ];
  if (!isJson) print(`${head.map(printable).join("\n")}\n`);
  const played = await playInFolder(session, { args, paths, speed, timeoutMs });
  const report = reportOf(session, played, paths);
  if (isJson) {
    const about = { file: path, session: number, session_count: sessions.length, began, program_options: args };
    const whole = { ...about, session_root: paths.root, ...report, notes: [...notes, ...report.notes] };
    print(`${JSON.stringify(whole, null, 2)}\n`);
  } else {
    print(`${reportLines(report).join("\n")}\n`);
  }
  return report.difference_count === 0 ? EXIT_ALIKE : EXIT_DIFFERENT;
}

async function playInFolder(session: RecordedSession, options: PlayOptions): Promise<PlayedSession> {
  try {
    return await playSession(session, options);
  } finally {
    // It stays where something was recorded.
    await rmdir(options.paths.root).catch(() => undefined);
  }
}

/** A folder with nothing in it, so that no file of before changes a name of today. */
async function makeRoot(wanted: string | undefined): Promise<string> {
  const root = resolve(wanted ?? `recordings/replay_${compactLocalTime(new Date())}`);
  try {
    await mkdir(root, { recursive: true });
    if ((await readdir(root)).length === 0) return root;
  } catch (cause) {
    throw new ReplayUsageError(`--session-root: ${quote(root, 500)} can't be made: ${messageOf(cause)}`, { cause });
  }
  throw new ReplayUsageError(`--session-root: ${quote(root, 500)} is not empty, expected an empty or a new folder`);
}

function print(text: string): number {
  process.stdout.write(text);
  return EXIT_ALIKE;
}
