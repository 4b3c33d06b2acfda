import type { FrameMetadata } from "../capture/captured-frame.ts";

const WINDOW_FRAMES = 120;
/** How many measured intervals the nominal one weighs as much as, until the window is full. */
const NOMINAL_WEIGHT = WINDOW_FRAMES;

/**
 * The interval between a source's frames, ns: what the sensor reports with each frame, else the mean over the last 120
 * frames. Lost frames do not stretch it, since the source's frame numbers count them too.
 */
export class IntervalEstimator {
  readonly #nominalNs: number;
  /** The last frames' numbers and times, oldest first. */
  readonly #window: { readonly frameNumber: number; readonly timestampNs: bigint }[] = [];

  /** `nominalNs`: what the source was set to; 0 where it can't be set. */
  constructor(nominalNs: number) {
    this.#nominalNs = nominalNs;
  }

  /** Takes a frame and returns the estimate, ns; 0 as long as nothing is known. */
  observe(frame: Pick<FrameMetadata, "frameNumber" | "sensorTimestampNs" | "frameDurationNs">): number {
    if (frame.frameDurationNs > 0) return frame.frameDurationNs;
    this.#window.push({ frameNumber: frame.frameNumber, timestampNs: frame.sensorTimestampNs });
    if (this.#window.length > WINDOW_FRAMES + 1) this.#window.shift();
    return this.#mean();
  }

  #mean(): number {
    const first = this.#window[0];
    const last = this.#window.at(-1);
    if (first === undefined || last === undefined) return this.#nominalNs;
    const frames = last.frameNumber - first.frameNumber;
    const durationNs = Number(last.timestampNs - first.timestampNs);
    // A full window knows better than the setting does.
    const weight = this.#nominalNs > 0 && this.#window.length <= WINDOW_FRAMES ? NOMINAL_WEIGHT : 0;
    return frames + weight > 0 ? (durationNs + this.#nominalNs * weight) / (frames + weight) : 0;
  }
}
