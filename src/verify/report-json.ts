import type { HistogramBin } from "./histogram.ts";
import type { IntervalReport, Spread } from "./interval-report.ts";
import type { RecordingReport } from "./recording-report.ts";

/** Characters that are sound in JSON, and that a terminal may obey. */
const UNPRINTABLE = /[\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/g;

/** Indented JSON in which all that a terminal may obey is escaped. */
export function toJsonText(value: unknown): string {
  const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value, undefined, 2).replace(UNPRINTABLE, escape);
}

/** A report for programs. Nanoseconds are text: a JSON number would lose them. */
export function reportJson(report: RecordingReport) {
  const { file, timingFile, codec, width, height, samples, keyFrames, isUnfinished, problems, notes } = report;
  return {
    file,
    verdict: problems.length === 0 ? ("sound" as const) : ("not_sound" as const),
    is_torn_end_only: report.isTornEndOnly,
    problems,
    notes,
    timing_file: timingFile,
    video: {
      codec,
      width,
      height,
      samples,
      key_frames: keyFrames,
      is_unfinished: isUnfinished,
      duration_s: report.durationSeconds,
      rate: report.rate,
    },
    rows: report.rows,
    first_sensor_timestamp_ns: report.firstSensorTimestampNs?.toString() ?? null,
    last_sensor_timestamp_ns: report.lastSensorTimestampNs?.toString() ?? null,
    intervals: report.intervals === undefined ? null : intervalsJson(report.intervals),
    drop_lines: report.drops === undefined ? null : Object.fromEntries(report.drops.countByReason),
    metadata: report.metadata ?? null,
  };
}

/** Of a file that could not be judged. */
export function unreadableJson(file: string, reason: string) {
  return { file, verdict: "unreadable" as const, is_torn_end_only: false, problems: [reason], notes: [] };
}

function intervalsJson({ count, intervalNs, jitterNs, expected, gaps, histogram }: IntervalReport) {
  const { longest } = gaps;
  return {
    count,
    interval_us: spreadJson(intervalNs),
    jitter_us: spreadJson(jitterNs),
    gaps: {
      expected_us: microseconds(expected.intervalNs),
      expected_from: expected.from,
      beyond_us: microseconds(expected.gapNs),
      count: gaps.count,
      missing_frames: gaps.missingFrames,
      longest:
        longest === undefined ? null : { us: microseconds(longest.ns), row: longest.row, end_s: longest.endNs / 1e9 },
    },
    histogram: histogram.map(({ fromNs, toNs, count: binCount }: HistogramBin) => ({
      from_us: microseconds(fromNs),
      to_us: toNs === undefined ? null : microseconds(toNs),
      count: binCount,
    })),
  };
}

function spreadJson({ p50, p99, max }: Spread) {
  return { p50: microseconds(p50), p99: microseconds(p99), max: microseconds(max) };
}

function microseconds(ns: number): number {
  return ns / 1000;
}
