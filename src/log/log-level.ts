import type { LevelWithSilent } from "pino";

/** What a host or a user may call a log level, in small letters: pino's names, and Python's for two of them. */
export const LOG_LEVELS = [
  "trace",
  "debug",
  "info",
  "warn",
  "warning",
  "error",
  "fatal",
  "critical",
  "silent",
] as const;
type LogLevelName = (typeof LOG_LEVELS)[number];

export function pinoLevel(name: LogLevelName): LevelWithSilent {
  if (name === "warning") return "warn";
  return name === "critical" ? "fatal" : name;
}
