import { readPictureClock } from "./picture-clock.ts";
import type { TimingRow } from "./timing-csv.ts";

const LIKENESS_MIN = 0.7;

/**
 * Whether each picture is the one of its row. vimc makes frames one after the other: it writes its clock into the
 * picture after it stamped the frame before and before it stamps this one. So there must be a start of vimc's clock for
 * which each picture's time lies between its row's sensor timestamp and that of the row before.
 */
export function pictureOrderProblems(
  frames: readonly Uint8Array[],
  { width, sensorScale }: { readonly width: number; readonly sensorScale: number },
  rows: readonly TimingRow[],
): string[] {
  const problems: string[] = [];
  let earliestStartMs = Number.NEGATIVE_INFINITY;
  let latestStartMs = Number.POSITIVE_INFINITY;
  let previousMs: number | undefined;
  rows.forEach((row, index) => {
    const { timeMs, likeness } = readPictureClock(frames[index] ?? new Uint8Array(), width, sensorScale);
    if (likeness < LIKENESS_MIN) problems.push(`row ${row.frameIndex}: the clock in the picture is not readable`);
    if (previousMs !== undefined && timeMs <= previousMs) {
      problems.push(`row ${row.frameIndex}: the picture is of ${timeMs} ms, the one before of ${previousMs} ms`);
    }
    previousMs = timeMs;
    const stampMs = Number(row.sensorNs) / 1e6;
    const before = rows[index - 1];
    latestStartMs = Math.min(latestStartMs, stampMs - timeMs);
    // The clock in the picture is cut to whole milliseconds.
    if (before !== undefined) earliestStartMs = Math.max(earliestStartMs, Number(before.sensorNs) / 1e6 - timeMs - 1);
  });
  if (earliestStartMs > latestStartMs) {
    problems.push(`pictures and sensor timestamps are up to ${Math.round(earliestStartMs - latestStartMs)} ms apart`);
  }
  return problems;
}
