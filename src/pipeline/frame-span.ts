import type { FrameMetadata } from "../capture/captured-frame.ts";

/** The first and the last of some frames. */
export class FrameSpan<Frame extends Pick<FrameMetadata, "sensorTimestampNs">> {
  #first: Frame | undefined;
  #last: Frame | undefined;

  get first(): Frame | undefined {
    return this.#first;
  }

  get last(): Frame | undefined {
    return this.#last;
  }

  /** From the first to the last, by the sensor's clock, ns. */
  get durationNs(): bigint {
    if (this.#first === undefined || this.#last === undefined) return 0n;
    return this.#last.sensorTimestampNs - this.#first.sensorTimestampNs;
  }

  add(frame: Frame): void {
    this.#first ??= frame;
    this.#last = frame;
  }

  /**
   * Frames per second of `count` frames from the first to the last, by the sensor's clock: (count − 1) / (last − first).
   * null where that is no time, or no interval.
   */
  rate(count: number): number | null {
    const { durationNs } = this;
    return count >= 2 && durationNs > 0n ? ((count - 1) * 1e9) / Number(durationNs) : null;
  }
}
