import type { Colour } from "../../capture/stream-format.ts";
import type { ParameterSets } from "../h264/avc-configuration.ts";

/** Ticks per second of the movie and its track: sample times are whole microseconds. */
export const TIMESCALE = 1_000_000;

/** What the file says of its one track before the first sample. */
export type VideoTrack = {
  readonly width: number;
  readonly height: number;
  readonly colour: Colour;
} & ({ readonly codec: "h264"; readonly parameterSets: ParameterSets } | { readonly codec: "mjpeg" });

/** One picture of the track. */
export interface Mp4Sample {
  /** H.264: length-prefixed NAL units without parameter sets. MJPEG: one JPEG image. */
  readonly data: Uint8Array;
  /** Microseconds since the first sample of the recording; may pass 2^32. */
  readonly timeUs: number;
  /** Microseconds to the next sample, below 2^32. */
  readonly durationUs: number;
  /** Decoding can start here. */
  readonly isKey: boolean;
}
