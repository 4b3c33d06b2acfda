import type { VideoCodec } from "../../../src/recording/video-encoder.ts";

/** Along what it is measured: pixels per picture, frames per second, frames in all. */
export type Axis = "resolution" | "rate" | "length";

/** One measurement. */
export interface Sample {
  readonly axis: Axis;
  readonly codec: VideoCodec;
  readonly contender: "module" | "floor";
  /** From 0; those of one round belong together. */
  readonly round: number;
  /** Where on the axis, in words: what was asked for. */
  readonly place: string;
  /** The same as a number: what came of it, since a recording gets some frames more. */
  readonly at: number;
  /** Resolution: per frame; rate: per second; length: in all. */
  readonly cpuMs: number;
  /** Most memory resident. */
  readonly peakBytes: number;
  /** Rate: frames that were not recorded, or not in time, so that less was encoded than is told. */
  readonly lostFrames?: number;
  /** Length: the module's memory, resident in the course of the recording. */
  readonly residentBytes?: readonly number[];
}

export function byRound(samples: readonly Sample[]): Sample[][] {
  return [...Map.groupBy(samples, ({ round }) => round)].toSorted(([a], [b]) => a - b).map(([, group]) => group);
}
