import type { RecordingMetadata } from "../recording/metadata/recording-metadata.ts";

/** How far apart a recording's frames should be. */
export interface ExpectedInterval {
  readonly intervalNs: number;
  /** An interval beyond this is a gap. */
  readonly gapNs: number;
  /** How it is known: the rate that the camera was set to, that to record, or no more than the intervals' median. */
  readonly from: "capture_rate" | "record_rate" | "median";
}

/** A gap is an interval beyond so many expected ones: half-way to the next frame. */
const GAP_INTERVALS = 1.5;
/** A camera that keeps its rate does so within a few percent. */
const RATE_TOLERANCE = 0.1;
/** The recording's gate lets through whatever is within 1 % of the rate to record. */
const GATE_TOLERANCE = 1.01;

/**
 * Where the gate skipped frames, the frame nearest to each point of a time grid was taken, so intervals reach to one of the
 * grid's and one of the camera's together. Where it skipped none they are the camera's. What the camera was set to counts
 * as long as that is what it did: where no frame was dropped, the median shows it.
 */
export function expectInterval(metadata: RecordingMetadata | undefined, medianNs: number): ExpectedInterval {
  const byMedian = { intervalNs: medianNs, gapNs: medianNs * GAP_INTERVALS, from: "median" } as const;
  if (metadata === undefined) return byMedian;
  const { rates, end } = metadata;
  const captureNs = intervalOf(rates.capture_set) ?? intervalOf(rates.capture_measured);
  const recordNs = intervalOf(rates.record_requested);
  const isThinned =
    end === null
      ? captureNs !== undefined && recordNs !== undefined && recordNs > captureNs * GATE_TOLERANCE
      : end.ledger.skipped_by_rate_gate > 0;
  if (isThinned) {
    if (recordNs === undefined) return byMedian;
    const gapNs = Math.max(GAP_INTERVALS * recordNs, recordNs + 1.25 * (captureNs ?? recordNs));
    return { intervalNs: recordNs, gapNs, from: "record_rate" };
  }
  const setNs = intervalOf(rates.capture_set);
  const hasDrops = end !== null && Object.keys(end.ledger.dropped).length > 0;
  const isKept = setNs !== undefined && (hasDrops || Math.abs(medianNs / setNs - 1) <= RATE_TOLERANCE);
  return isKept ? { intervalNs: setNs, gapNs: setNs * GAP_INTERVALS, from: "capture_rate" } : byMedian;
}

function intervalOf(rate: number | null): number | undefined {
  return rate !== null && rate > 0 ? 1e9 / rate : undefined;
}
