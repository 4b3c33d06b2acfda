import { quote } from "../errors.ts";
import type { RecordingMetadata } from "../recording/metadata/recording-metadata.ts";
import { histogramLines } from "./histogram-lines.ts";
import type { IntervalReport, Spread } from "./interval-report.ts";
import type { RecordingReport } from "./recording-report.ts";

/** Of what the lines begin with, space included. */
const LABEL_CHARACTERS = 10;
const NUMBER_CHARACTERS = 12;

/** A report for people, as lines that fit 80 columns where what they quote does; the verdict comes last. */
export function reportTable(report: RecordingReport): string[] {
  const { codec, width, height, samples, keyFrames, rows, durationSeconds, rate } = report;
  const { firstSensorTimestampNs: firstNs, lastSensorTimestampNs: lastNs, intervals, metadata } = report;
  return [
    row("video", `${codec} ${width}x${height}, ${samples} samples (${keyFrames} key frames), ${rows} rows`),
    row("time", `${durationSeconds.toFixed(6)} s, ${rate.toFixed(3)} frames/s`),
    ...(firstNs === undefined ? [] : [row("sensor", `${firstNs} to ${lastNs} ns`)]),
    ...(intervals === undefined ? [] : intervalLines(intervals)),
    ...(metadata === undefined ? [] : metadataLines(metadata)),
    ...(report.drops === undefined ? [] : [row("drops", `${report.drops.count} lines in the list of drops`)]),
    ...report.notes.map((note) => row("note", note)),
    ...verdictLines(report.problems),
  ];
}

function verdictLines(problems: readonly string[]): string[] {
  return problems.length === 0 ? ["sound"] : ["NOT SOUND", ...problems.map((problem) => `- ${problem}`)];
}

function intervalLines({ intervalNs, jitterNs, expected, gaps, histogram }: IntervalReport): string[] {
  const spread = ({ p50, p99, max }: Spread): string => numbers([p50, p99, max].map(milliseconds));
  const { count, missingFrames, longest } = gaps;
  const gapMs = milliseconds(expected.gapNs);
  const where =
    longest === undefined
      ? ""
      : `, longest ${milliseconds(longest.ns)} ms before row ${longest.row} at ${(longest.endNs / 1e9).toFixed(3)} s`;
  return [
    row("", numbers(["p50", "p99", "max"].map((name) => `${name} ms`))),
    row("interval", spread(intervalNs)),
    row("jitter", spread(jitterNs)),
    row("gaps", count === 0 ? `none beyond ${gapMs} ms` : `${count} beyond ${gapMs} ms`),
    ...(count === 0 ? [] : [row("", `${missingFrames} frames missing${where}`)]),
    ...histogramLines(histogram).map((line, index) => row(index === 0 ? "histogram" : "", line)),
  ];
}

function metadataLines({ camera, trial, encoder, versions, clocks, end }: RecordingMetadata): string[] {
  const { csi_camera: own, bun, mp4box, libcamera } = versions;
  const began = isoTime(BigInt(clocks.start.realtime_ns));
  return [
    row("trial", `${trial.number} ${quote(trial.label)}, began ${began}`),
    row("camera", `${named(camera.model)}, ${named(camera.device_id)}, ${named(camera.camera_id)}`),
    row("encoder", `${named(encoder.name)}${encoder.zero_copy ? ", zero copy" : ""}`),
    row(
      "versions",
      `csi-camera ${named(own)}, bun ${named(bun)}, mp4box ${named(mp4box)}` +
        (libcamera === null ? "" : `, libcamera ${named(libcamera)}`),
    ),
    ...(end === null ? [] : ledgerLines(end)),
  ];
}

/** One for each column that is not zero. */
function ledgerLines({ reason, ledger, unwritten_drops: unwritten }: NonNullable<RecordingMetadata["end"]>): string[] {
  const columns: readonly (readonly [string, number])[] = [
    ["captured", ledger.captured],
    ["recorded", ledger.recorded],
    ["skipped by rate gate", ledger.skipped_by_rate_gate],
    ...Object.entries(ledger.dropped)
      .slice(0, 20)
      .map(([why, count]) => [`dropped: ${named(why)}`, count] as const),
    ["drops without a line", unwritten],
    ["gaps of the sensor", ledger.sensor_gaps.gaps],
    ["frames missing in them", ledger.sensor_gaps.missing_frames],
  ];
  const told = columns.filter(([, count]) => count !== 0);
  const width = Math.max(0, ...told.map(([, count]) => String(count).length));
  const lines = told.map(([name, count]) => `${String(count).padStart(width)}  ${name}`);
  return [row("ended", named(reason)), ...lines.map((line, index) => row(index === 0 ? "ledger" : "", line))];
}

/** Somebody else's word, as it is where it is short. */
function named(text: string): string {
  return text === "" ? '""' : text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function isoTime(realtimeNs: bigint): string {
  const time = new Date(Number(realtimeNs / 1_000_000n));
  return Number.isNaN(time.getTime()) ? `${realtimeNs} ns` : time.toISOString();
}

function numbers(texts: readonly string[]): string {
  return texts.map((text) => text.padStart(NUMBER_CHARACTERS)).join("");
}

function milliseconds(ns: number): string {
  return (ns / 1e6).toFixed(3);
}

function row(label: string, text: string): string {
  return `${label.padEnd(LABEL_CHARACTERS)} ${text}`;
}
