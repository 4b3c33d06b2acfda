import type { RecordingMetadata } from "../recording/metadata/recording-metadata.ts";
import type { Intervals } from "./intervals.ts";
import type { Problems } from "./problems.ts";

/** So near to the rate that it was set to, a camera reports the duration of its frames as that. */
const MEDIAN_TOLERANCE = 0.02;
/** In frame durations: below and above, an interval is none, or one, whatever duration its frame reported within reason. */
const SURELY_NO_GAP = 1.3;
const SURELY_GAP = 1.7;
/** Of longer gaps, the frames that are missing can't be told to one. */
const COUNTED_GAP_MAX = 10;
const COUNT_TOLERANCE = 0.3;

/**
 * Holds the ledger's gaps of the sensor against those between the rows, where that proves something: all captured frames
 * are rows, and the camera was set to a rate, as cameras are that report each frame's duration: gaps were counted by that
 * (src/pipeline/sensor-gap.ts), not by frame numbers, which no file holds.
 */
export function checkSensorGaps(metadata: RecordingMetadata, intervals: Intervals, problems: Problems): void {
  const { rates, end } = metadata;
  const intervalsNs = intervals.toArray();
  if (end === null || rates.capture_set === null || rates.capture_set === 0) return;
  const { captured, recorded, sensor_gaps: told } = end.ledger;
  if (captured !== recorded || intervalsNs.length !== recorded - 1 || intervalsNs.length === 0) return;
  const durations = intervalsNs.map((ns) => (ns * (rates.capture_set ?? 0)) / 1e9).sort();
  const median = durations[Math.floor(durations.length / 2)] ?? 0;
  if (Math.abs(median - 1) > MEDIAN_TOLERANCE) return;
  if (durations.some((duration) => duration > SURELY_NO_GAP && duration < SURELY_GAP)) return;
  const gaps = durations.filter((duration) => duration >= SURELY_GAP);
  if (gaps.length !== told.gaps) {
    problems.add("ledger", `the ledger says ${told.gaps} gaps of the sensor, the rows show ${gaps.length}`);
    return;
  }
  const isCountable = gaps.every((gap) => gap < COUNTED_GAP_MAX && Math.abs(gap - Math.round(gap)) <= COUNT_TOLERANCE);
  const missing = gaps.reduce((sum, gap) => sum + Math.round(gap) - 1, 0);
  if (!isCountable || missing === told.missing_frames) return;
  problems.add(
    "ledger",
    `the ledger says ${told.missing_frames} frames missing in gaps of the sensor, the rows ${missing}`,
  );
}
