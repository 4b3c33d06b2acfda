import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import pino, { type LevelWithSilent, type Logger } from "pino";
import { messageOf, quote } from "../errors.ts";
import { OneAtATime } from "../one-at-a-time.ts";
import { BufferedLineSink } from "./buffered-line-sink.ts";
import { FdTarget } from "./fd-target.ts";
import { type LineSink, nowhere } from "./line-sink.ts";
import { RotatingFile } from "./rotating-file.ts";

const RETRY_MS = 3000;
/** Per sink, of which three close one after the other: a second at most. */
const CLOSE_MS = 300;
const MB = 1_000_000;

/** The log files with their bounds: bytes per file, files in all. */
const LOG_FILES = {
  log: { name: "csicameras.log", bytesMax: 10 * MB, filesMax: 5 },
  commands: { name: "commands.jsonl", bytesMax: 5 * MB, filesMax: 3 },
  frameDrops: { name: "frame_drops.jsonl", bytesMax: 5 * MB, filesMax: 3 },
} as const;

export interface LogOptions {
  readonly level: LevelWithSilent;
  /** Log to stderr. */
  readonly consoleLogging: boolean;
  /** Directory of the log files, made if missing; without it there are none. */
  readonly logDir?: string | undefined;
  /** Hears of what is said on stderr otherwise: that nothing can be logged, as a sentence. */
  readonly onTrouble?: ((sentence: string) => void) | undefined;
}

type Report = (error: unknown, path: string, sentence: string) => void;

export interface Logs extends AsyncDisposable {
  /** JSON lines with `ts`, `level` as a word, `msg`. */
  readonly log: Logger;
  readonly commands: LineSink;
  readonly frameDrops: LineSink;
  /** Writes what waits, for at most a second. Idempotent. */
  close(): Promise<void>;
}

/**
 * Opens the logs. Never stdout, which belongs to the protocol, and nothing about them stops a recording: what can't be
 * written waits within its bound and is tried again every 3 s. The first error is told once: of a log file to the log,
 * of the log's own file, or of a directory that can't be made, to stderr even without `consoleLogging`, or to `onTrouble`.
 */
export async function openLogs({ level, consoleLogging, logDir, onTrouble }: LogOptions): Promise<Logs> {
  const stderr = new BufferedLineSink({
    target: new FdTarget(2),
    retryMs: RETRY_MS,
    closeMs: CLOSE_MS,
    onTrouble() {}, // nobody is left to be told
  });
  const consoleSinks = consoleLogging ? [stderr] : [];
  if (logDir === undefined) return closingInOrder(makeLogger(level, consoleSinks), nowhere, nowhere, [[stderr]]);

  const disk = new OneAtATime();
  const report: Report =
    onTrouble === undefined
      ? reportTo(makeLogger("warn", [stderr]))
      : (error, path, sentence) => onTrouble(`${sentence} (${quote(path, 500)}): ${messageOf(error)}`);
  const inTrouble = !(await makeDirectory(logDir, report));
  const open = (file: (typeof LOG_FILES)[keyof typeof LOG_FILES], reportTrouble: Report) => {
    const path = join(logDir, file.name);
    const target = new RotatingFile({ path, bytesMax: file.bytesMax, filesMax: file.filesMax });
    return new BufferedLineSink({
      target: {
        append: (lines) => disk.run(() => target.append(lines)),
        close: () => disk.run(() => target.close()),
      },
      retryMs: RETRY_MS,
      closeMs: CLOSE_MS,
      onTrouble: (error) => reportTrouble(error, path, "a log file can't be written and is tried again"),
      inTrouble,
    });
  };
  const logFile = open(LOG_FILES.log, report);
  const log = makeLogger(level, [...consoleSinks, logFile]);
  const commands = open(LOG_FILES.commands, reportTo(log));
  const frameDrops = open(LOG_FILES.frameDrops, reportTo(log));
  // Whoever may still have something to tell closes before the one it tells.
  return closingInOrder(log, commands, frameDrops, [[commands, frameDrops], [logFile], [stderr]]);
}

function makeLogger(level: LevelWithSilent, sinks: readonly LineSink[]): Logger {
  return pino(
    {
      level: sinks.length > 0 ? level : "silent",
      base: { pid: process.pid },
      timestamp: () => `,"ts":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    {
      write(line: string) {
        for (const sink of sinks) sink.write(line);
      },
    },
  );
}

function reportTo(log: Logger): Report {
  return (err, path, sentence) => log.warn({ err, path }, sentence);
}

async function makeDirectory(logDir: string, report: Report): Promise<boolean> {
  try {
    await mkdir(logDir, { recursive: true });
    return true;
  } catch (error) {
    report(error, logDir, "the log directory can't be made: no log files until it can");
    return false;
  }
}

function closingInOrder(log: Logger, commands: LineSink, frameDrops: LineSink, order: BufferedLineSink[][]): Logs {
  let closed: Promise<void> | undefined;
  const closeAll = async () => {
    for (const sinks of order) await Promise.all(sinks.map((sink) => sink.close()));
  };
  const close = () => (closed ??= closeAll());
  return { log, commands, frameDrops, close, [Symbol.asyncDispose]: close };
}
