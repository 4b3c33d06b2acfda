/** What is looked at, in the order of the report. The names are stable; the titles are for people. */
export const CHECKS = {
  machine: "Machine",
  versions: "Versions",
  boot_config: "Boot settings",
  access: "Permissions",
  in_use: "In use",
  cameras: "Cameras",
  capture: "Capture",
  hardware_encoder: "Encoder nodes",
  encoder_speed: "Encoder speed",
  disk_space: "Disk space",
  disk_speed: "Disk speed",
  clock: "Clock",
  throttling: "Power",
  temperature: "Temperature",
} as const;
export type CheckName = keyof typeof CHECKS;

/**
 * - `ok`: looked at, and right;
 * - `skipped`: there is nothing to look at, because it does not concern this machine or what is asked of it;
 * - `unknown`: it concerns this machine and could not be looked at: never taken for right;
 * - `warning`: recordings will be made, and may come out worse than they should;
 * - `failure`: as it is, nothing will be recorded, or not what is asked.
 */
export type Level = "ok" | "skipped" | "unknown" | "warning" | "failure";

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What was measured or read, for programs. The keys of each check stay the same whatever it came to; none where the source is no camera. */
type Values = Readonly<Record<string, Json>>;

/** What one check came to. */
export interface Finding {
  readonly check: CheckName;
  readonly level: Level;
  /** What is so. */
  readonly sentence: string;
  /** What to do, one step each, the likeliest first. */
  readonly advice: readonly string[];
  readonly values: Values;
}

export type Verdict = "will_record" | "with_warnings" | "will_not_record";

export const EXIT_CODES: Record<Verdict, number> = { will_record: 0, with_warnings: 1, will_not_record: 2 };

/** What is not known is no reason to promise anything. */
export function verdictOf(findings: readonly Pick<Finding, "level">[]): Verdict {
  const levels = new Set(findings.map(({ level }) => level));
  if (levels.has("failure")) return "will_not_record";
  return levels.has("warning") || levels.has("unknown") ? "with_warnings" : "will_record";
}
