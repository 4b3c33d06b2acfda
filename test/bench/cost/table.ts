import type { VideoCodec } from "../../../src/recording/video-encoder.ts";
import { PARTS, type Part } from "./contender.ts";
import type { Costs } from "./rounds.ts";
import type { Row } from "./row.ts";
import { type Spread, spreadOf } from "./spread.ts";
import { startOf } from "./start.ts";

const WORDS: Record<Part, string> = {
  JavaScript: "JavaScript's thread, replaying",
  encoder: "the encoder's threads",
  files: "threads that write files",
  engine: "the engine's (compiler, garbage collector)",
};

/** Columns as wide as their widest cell; all but the first are set to the right where `right` says so. */
export function textTable(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

export function targetTable(rows: readonly Row[]): string {
  const lines = rows.map(({ what, target, unit, measured, verdict, note = "" }) => [
    what,
    target === undefined ? "" : `≤ ${target}${unit === "" ? "" : ` ${unit}`}`,
    measured === undefined ? "" : `${withSpread(measured, digitsFor(unit, measured))}${unit === "" ? "" : ` ${unit}`}`,
    verdict,
    note,
  ]);
  return textTable([["what", "target", "measured", "verdict", ""], ...lines]);
}

/** Each contender's own numbers. */
export function costTable(all: ReadonlyMap<VideoCodec, Costs>): string {
  const lines = [...all].flatMap(([codec, costs]) =>
    [...costs].map(([{ name }, rounds]) => {
      const of = (key: "cpuMsPerFrame" | "wallMsPerFrame" | "peakBytes") => spreadOf(rounds.map((cost) => cost[key]));
      const start = startOf(rounds);
      return [
        codec,
        name,
        withSpread(of("cpuMsPerFrame"), 3),
        withSpread(of("wallMsPerFrame"), 3),
        start.cpuMs?.toFixed(0) ?? "–",
        start.wallMs?.toFixed(0) ?? "–",
        (of("peakBytes").median / 1e6).toFixed(0),
      ];
    }),
  );
  return textTable([["", "", "CPU ms/frame", "wall ms/frame", "start CPU ms", "start wall ms", "peak MB"], ...lines]);
}

/** Where the time of those goes that were looked into. */
export function profileTable(all: ReadonlyMap<VideoCodec, Costs>): string {
  const lines = [...all].flatMap(([codec, costs]) =>
    [...costs].flatMap(([{ name }, rounds]) => {
      const profiles = rounds.flatMap(({ cpuMsByPart }) => cpuMsByPart ?? []);
      if (profiles.length === 0) return [];
      const of = (part: Part): string => (1000 * spreadOf(profiles.map((each) => each[part])).median).toFixed(0);
      return [[codec, name, ...PARTS.map(of)]];
    }),
  );
  return textTable([["µs of CPU/frame", "", ...PARTS.map((part) => WORDS[part])], ...lines]);
}

/** `1.04 (1.03 to 1.06)`. */
function withSpread({ median, least, most, count }: Spread, digits: number): string {
  const middle = median.toFixed(digits);
  return count === 1 ? middle : `${middle} (${least.toFixed(digits)} to ${most.toFixed(digits)})`;
}

function digitsFor(unit: string, { median, least, most }: Spread): number {
  if ([median, least, most].every(Number.isInteger)) return 0;
  if (unit === "") return 3;
  return unit === "ms" || unit === "%" ? 2 : 0;
}
