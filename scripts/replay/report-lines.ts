import { printable } from "../../src/verify/printable.ts";
import type { Answer, ReplayReport } from "./replay-report.ts";

const SAME = "  ";
const DIFFERENT = "≠ ";
const NOTHING = "nothing";

/** The report for people. */
export function reportLines(report: ReplayReport): string[] {
  const { commands, unasked, strays, notes, exit_code: exitCode } = report;
  const rows = [
    ["at s", "command", "recorded", "ms", "replayed", "ms"],
    ...commands.map(({ command, at_ms, recorded, replayed }) => [
      (at_ms / 1000).toFixed(3),
      command ?? "(no command)",
      recorded.status ?? NOTHING,
      duration(recorded),
      replayed.status ?? NOTHING,
      duration(replayed),
    ]),
  ];
  const table = align(rows);
  const asked = commands.flatMap(({ differences }, index) => [
    `${differences.length > 0 ? DIFFERENT : SAME}${table[index + 1]}`,
    ...differences
      .filter(({ what }) => what !== "status")
      .map(
        ({ what, recorded = NOTHING, replayed = NOTHING }) =>
          `      ${what}: recorded ${recorded}, replayed ${replayed}`,
      ),
  ]);
  const unaskedLines = unasked.map(({ recorded, replayed }) =>
    recorded === null || replayed === null
      ? `${DIFFERENT}${recorded ?? replayed}: ${recorded === null ? "replayed only" : "recorded only"}`
      : `${SAME}${recorded}`,
  );
  const ended = exitCode === null ? "did not end" : `ended with exit code ${exitCode}`;
  return [
    ...notes.map((note) => `note: ${note}`),
    ...(commands.length === 0 ? [] : [`${SAME}${table[0]}`, ...asked]),
    "unasked:",
    ...unaskedLines,
    ...strays.map((stray) => `${DIFFERENT}a reply that nobody asked for: ${stray}`),
    ...(exitCode === 0 ? [] : [`${DIFFERENT}the program ${ended}, expected exit code 0`]),
    summary(report),
  ].map(printable);
}

function summary({ commands, unasked, difference_count: count }: ReplayReport): string {
  const differing = commands.filter(({ differences }) => differences.length > 0).length;
  const told = `${commands.length} commands, ${differing} answered otherwise; ${unasked.length} statuses unasked`;
  return count === 0 ? `no difference: ${told}` : `DIFFERENT in ${count}: ${told}`;
}

function duration({ duration_ms: milliseconds }: Answer): string {
  return milliseconds === null ? "-" : milliseconds.toFixed(1);
}

/** Numbers to the right, the rest to the left. */
function align(rows: readonly (readonly string[])[]): string[] {
  const isNumber = [true, false, false, true, false, true];
  const widths = isNumber.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((text, column) => {
        const width = widths[column] ?? 0;
        return isNumber[column] === true ? text.padStart(width) : text.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
}
