import { parseArgs } from "node:util";
import { messageOf, quote } from "../../src/errors.ts";

export interface ReplayArguments {
  readonly path: string;
  /** From 1; undefined: the last one. */
  readonly session: number | undefined;
  readonly speed: number;
  readonly pauseMaxMs: number;
  readonly timeoutMs: number;
  /** undefined: a new folder in recordings/. */
  readonly sessionRoot: string | undefined;
  readonly isJson: boolean;
  /** The program's options. */
  readonly programArgs: readonly string[];
}

/** Called wrongly: one line for stderr. */
export class ReplayUsageError extends Error {
  override readonly name = "ReplayUsageError";
}

export const HELP = `Usage: npm run replay -- commands.jsonl [options] [-- options of the program]

Plays the host of a recorded session to the program of today, and tells where its replies differ from the recorded ones.

  --session N           of the log's sessions, from 1 (the last one)
  --speed N             2: twice as fast as recorded (1)
  --pause-max SECONDS   no pause is longer than that (as recorded)
  --timeout SECONDS     how much longer than then a reply may take that was waited for (10)
  --session-root DIR    session directories go below it; must be empty or missing (a new folder in recordings/)
  --json                one JSON document on stdout (npm run --silent replay -- …)
  --help                print this

The program's options begin with --source synthetic and with what the recorded program must have had by what it said
(--enable-commands, --camera-index, --strict-command-ids, --output-dir); yours win.

Exit code: 0 no difference, 1 differences, 2 the log or the call can't be understood, or the program does not start.
`;

/** What stands before the first `--` is ours. Throws ReplayUsageError. */
export function parseReplayArguments(argv: readonly string[]): ReplayArguments | "help" {
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  const { values, positionals } = parse(argv.slice(0, end));
  if (values.help) return "help";
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) {
    throw new ReplayUsageError(`got ${positionals.length} files, expected one commands.jsonl; see --help`);
  }
  return {
    path,
    session: values.session === undefined ? undefined : wholeNumber("session", values.session),
    speed: speedOf(values.speed),
    pauseMaxMs: values["pause-max"] === undefined ? Number.POSITIVE_INFINITY : toMs("pause-max", values["pause-max"]),
    timeoutMs: toMs("timeout", values.timeout),
    sessionRoot: values["session-root"],
    isJson: values.json,
    programArgs: argv.slice(end + 1),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        session: { type: "string" },
        speed: { type: "string", default: "1" },
        "pause-max": { type: "string" },
        timeout: { type: "string", default: "10" },
        "session-root": { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (cause) {
    // parseArgs adds advice in further sentences; the first one names the option.
    const [sentence = ""] = messageOf(cause).split(/\. |\n/);
    throw new ReplayUsageError(`${sentence}; see --help`, { cause });
  }
}

function wholeNumber(name: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw bad(name, text, "a whole number from 1");
  return Number(text);
}

function speedOf(text: string): number {
  const speed = decimal(text);
  if (!(speed > 0)) throw bad("speed", text, "a number above 0");
  return speed;
}

function toMs(name: string, text: string): number {
  const seconds = decimal(text);
  if (Number.isNaN(seconds)) throw bad(name, text, "seconds, e.g. 10 or 0.5");
  return 1000 * seconds;
}

function decimal(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

function bad(name: string, text: string, expected: string): ReplayUsageError {
  return new ReplayUsageError(`--${name}: got ${quote(text)}, expected ${expected}`);
}
