import type { TimingRow } from "./timing-csv.ts";

/** vimc stamps a frame when it writes it to the buffer; in software emulation a frame then waits for the CPU. */
const DELIVERY_MAX_NS = 2_000_000_000n;

/** Sensor timestamps increase, and each lies just before the frame reached the program. */
export function sensorClockProblems(rows: readonly TimingRow[]): string[] {
  const problems: string[] = [];
  let previousNs = 0n;
  for (const { frameIndex, sensorNs, monotonicNs } of rows) {
    if (sensorNs <= previousNs) problems.push(`row ${frameIndex}: ${sensorNs} does not follow ${previousNs}`);
    const delayNs = monotonicNs - sensorNs;
    if (delayNs < 0n || delayNs > DELIVERY_MAX_NS) problems.push(`row ${frameIndex}: arrived after ${delayNs} ns`);
    previousNs = sensorNs;
  }
  return problems;
}

/** A real camera's intervals vary by microseconds. On a nominal grid, rounding included, there are only one or two. */
export function gridProblem(rows: readonly TimingRow[]): string | undefined {
  const intervals = new Set(rows.slice(1).map((row, index) => row.sensorNs - (rows[index]?.sensorNs ?? 0n)));
  if (intervals.size >= (rows.length - 1) / 2) return undefined;
  return `${rows.length} frames have only ${intervals.size} different intervals`;
}

/** What the host's consumers check: record_time_mono increases, and both clocks tell the same intervals. */
export function recordTimeProblems(rows: readonly TimingRow[]): string[] {
  return rows.slice(1).flatMap((row, index) => {
    const before = rows[index];
    if (before === undefined) return [];
    const monotonicNs = row.monotonicNs - before.monotonicNs;
    const apartNs = Math.abs(Number(row.unixNs - before.unixNs - monotonicNs));
    const problems: string[] = [];
    if (monotonicNs <= 0n) problems.push(`row ${row.frameIndex}: record_time_mono does not increase`);
    if (apartNs >= Math.max(Number(monotonicNs) / 100, 1e8))
      problems.push(`row ${row.frameIndex}: clocks ${apartNs} ns apart`);
    return problems;
  });
}
