import { percentile } from "../../support/percentile.ts";

/** One row of the table. */
export interface Measure {
  readonly name: string;
  readonly unit: "ms" | "frames";
  readonly values: readonly number[];
  /** What the median or the p99 must be below (of frames: at most); without it, the row only tells. */
  readonly target?: { readonly percent: 50 | 99; readonly limit: number };
}

export function isMet({ unit, values, target }: Measure): boolean | undefined {
  if (target === undefined) return undefined;
  const value = percentile(values, target.percent);
  return unit === "frames" ? value <= target.limit : value < target.limit;
}

/** A line for each, and one above. */
export function tableOf(measures: readonly Measure[]): string {
  const rows = measures.map((measure) => {
    const { name, unit, values, target } = measure;
    const digits = unit === "frames" ? 0 : 2;
    const at = (percent: number) => percentile(values, percent).toFixed(digits);
    const sign = unit === "frames" ? "≤" : "<";
    const wanted = target === undefined ? "-" : `${target.percent === 50 ? "median" : "p99"} ${sign} ${target.limit}`;
    const met = { true: "met", false: "NOT MET", undefined: "" }[String(isMet(measure)) as "true" | "false"] ?? "";
    return [name, unit, wanted, at(50), at(99), at(100), String(values.length), met];
  });
  const all = [["", "unit", "target", "median", "p99", "max", "of", ""], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  const isText = (column: number) => column < 3 || column === 7;
  return all
    .map((row) =>
      row
        .map((text, column) => (isText(column) ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
