import type { RecordedFrame } from "../../src/recording/fragment.ts";

/** An odd number beyond 2^53: a Number can't hold it. */
const START_NS = 9_007_199_254_740_993n;

/** The frame at this time of a recording, with made-up clocks. */
export function frameAt(frameNumber: number, milliseconds: number): RecordedFrame {
  const elapsedNs = BigInt(Math.round(milliseconds * 1e6));
  return {
    frameNumber,
    sensorTimestampNs: START_NS + elapsedNs,
    monotonicNs: 1_000_000_000n + elapsedNs,
    realtimeNs: 1_767_748_502_000_000_000n + elapsedNs,
  };
}
