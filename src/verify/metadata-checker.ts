import { basename } from "node:path";
import { quote } from "../errors.ts";
import type { RecordingMetadata } from "../recording/metadata/recording-metadata.ts";
import type { Problems } from "./problems.ts";
import { recordingPaths } from "./recording-paths.ts";
import type { SampleEntry } from "./sample-entry.ts";
import type { RowIdentity } from "./timing-rows.ts";

/** What a recording's video and rows say, for its metadata to be held against. */
export interface RecordedFacts {
  /** Of the video. */
  readonly path: string;
  readonly entry: SampleEntry;
  readonly samples: number;
  readonly rows: number;
  /** Undefined where no row can be read. */
  readonly identity: RowIdentity | undefined;
  readonly firstSensorTimestampNs: bigint | undefined;
  readonly lastSensorTimestampNs: bigint | undefined;
}

/** Measured rates are written to a millionth of a frame per second. */
const RATE_TOLERANCE = 0.000_01;

/** Holds all but the ledger of what a recording says of itself against what it is. `notes` take what is to be known. */
export function checkMetadata(
  metadata: RecordingMetadata,
  facts: RecordedFacts,
  { problems, notes }: { problems: Problems; notes: string[] },
): void {
  const expectSame = (what: string, got: unknown, expected: unknown): void => {
    if (got === expected) return;
    problems.add("metadata says", `metadata say that ${what} is ${show(got)}, it is ${show(expected)}`);
  };
  const { entry, identity } = facts;
  expectSame("the codec", metadata.video.codec, entry.codec);
  expectSame("the width", metadata.video.width, entry.width);
  expectSame("the height", metadata.video.height, entry.height);
  if (identity !== undefined) {
    expectSame("the trial's number", String(metadata.trial.number), identity.trial);
    // A file in UTF-8 has no halves of surrogate pairs.
    expectSame("the trial's label", metadata.trial.label.toWellFormed(), identity.label);
    expectSame("the device's id", metadata.camera.device_id.toWellFormed(), identity.deviceId);
  }
  checkNames(metadata, facts.path, expectSame, notes);
  checkClocks(metadata, facts, problems);
  checkEnd(metadata, facts, problems);
}

/** All files renamed alike are still one recording; anything else is of more than one. */
function checkNames(
  { files }: RecordingMetadata,
  path: string,
  expectSame: (what: string, got: unknown, expected: unknown) => void,
  notes: string[],
): void {
  const video = basename(path);
  const expected = recordingPaths(files.video);
  const isOneRecording =
    files.timing === expected.timing && (files.drops === null || files.drops === expected.drops) && files.video !== "";
  if (isOneRecording && files.video !== video) notes.push(`it was recorded as ${quote(files.video, 200)}`);
  if (isOneRecording) return;
  const actual = recordingPaths(video);
  expectSame("the video's name", files.video, video);
  expectSame("the timing file's name", files.timing, actual.timing);
  if (files.drops !== null) expectSame("the drops file's name", files.drops, actual.drops);
}

/** The first captured frame is the first recorded one or comes before it, the last one is the last or comes after it. */
function checkClocks({ clocks: { start, stop } }: RecordingMetadata, facts: RecordedFacts, problems: Problems): void {
  const { firstSensorTimestampNs: firstNs, lastSensorTimestampNs: lastNs } = facts;
  const startNs = BigInt(start.sensor_timestamp_ns);
  if (firstNs !== undefined && startNs > firstNs) {
    problems.add(
      "metadata says",
      `metadata say that capturing began at ${startNs} ns, after the first row's ${firstNs} ns`,
    );
  }
  if (stop === null) return;
  const stopNs = BigInt(stop.sensor_timestamp_ns);
  if (lastNs !== undefined && stopNs < lastNs) {
    problems.add(
      "metadata says",
      `metadata say that capturing ended at ${stopNs} ns, before the last row's ${lastNs} ns`,
    );
  }
  for (const clock of ["sensor_timestamp_ns", "monotonic_ns", "boottime_ns"] as const) {
    if (BigInt(stop[clock]) >= BigInt(start[clock])) continue;
    problems.add("metadata says", `metadata say that ${clock} went back, from ${start[clock]} to ${stop[clock]}`);
  }
}

/** What is known of the end is known with it, and the measured rates are those of the clocks and of the rows. */
function checkEnd({ rates, clocks, end }: RecordingMetadata, facts: RecordedFacts, problems: Problems): void {
  const { rows, firstSensorTimestampNs: firstNs, lastSensorTimestampNs: lastNs } = facts;
  const { capture_measured: captured, record_measured: recorded } = rates;
  if ((clocks.stop === null) !== (end === null)) {
    problems.add("metadata says", `metadata tell ${end === null ? "no end, but" : "the end, but not"} its clocks`);
  }
  if (end === null) {
    if (captured !== null || recorded !== null)
      problems.add("metadata says", "metadata tell no end, but measured rates");
    return;
  }
  const expectRate = (what: string, rate: number | null, count: number, durationNs: bigint): void => {
    if (count < 2 || durationNs <= 0n) return;
    const expected = ((count - 1) * 1e9) / Number(durationNs);
    if (rate !== null && Math.abs(rate - expected) <= RATE_TOLERANCE) return;
    problems.add(
      "metadata says",
      `metadata say that ${rate} frames/s were ${what}, by the times it is ${expected.toFixed(6)}`,
    );
  };
  if (firstNs !== undefined && lastNs !== undefined) expectRate("recorded", recorded, rows, lastNs - firstNs);
  if (clocks.stop === null) return;
  const durationNs = BigInt(clocks.stop.sensor_timestamp_ns) - BigInt(clocks.start.sensor_timestamp_ns);
  expectRate("captured", captured, end.ledger.captured, durationNs);
}

function show(value: unknown): string {
  return typeof value === "string" ? quote(value) : String(value);
}
