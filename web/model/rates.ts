import { type RateLevel, rateLevel } from "./rate-level.ts";
import { liveSnapshot, type ViewerState } from "./viewer-state.ts";

/** One of the three big numbers; `actual` is null where there is none. Frames per second. */
export interface Rate {
  readonly actual: number | null;
  readonly target: number | null;
  readonly level: RateLevel;
}

const NO_RATE: Rate = { actual: null, target: null, level: "neutral" };

/** What the module says of its rates; without colour where nothing is going on, or nobody knows. */
export function ratesOf(state: ViewerState): { capture: Rate; record: Rate; display: Rate } {
  const { snapshot } = state;
  if (snapshot === undefined) return { capture: NO_RATE, record: NO_RATE, display: NO_RATE };
  const isLive = liveSnapshot(state) !== undefined;
  const { capture, record, display } = snapshot.rates;
  const isOpen = snapshot.camera !== null;
  const isRecording = snapshot.recording !== null && snapshot.recording.ended === null;
  return {
    capture: rateOf(capture.actual, capture.max, isLive && isOpen),
    record: rateOf(record.actual, record.target, isLive && isRecording),
    display: rateOf(display.actual, display.target, isLive && isOpen),
  };
}

function rateOf(actual: number, target: number | null, isJudged: boolean): Rate {
  return { actual, target, level: isJudged ? rateLevel(actual, target) : "neutral" };
}
