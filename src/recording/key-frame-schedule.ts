const KEY_INTERVAL_NS = 1e9;

/** A key frame each second, on a grid that begins with the recording's first frame. */
export class KeyFrameSchedule {
  #firstTimestampNs: bigint | undefined;
  /** ns after the first frame. */
  #dueNs = 0;

  /** Whether this frame is to be one: the nearest to its grid point. `inputIntervalNs`: the source's mean frame interval, ns. */
  isDue(timestampNs: bigint, inputIntervalNs: number): boolean {
    return this.#timeNs(timestampNs) >= this.#dueNs - inputIntervalNs / 2;
  }

  /** The frame was taken as a key frame: the next one is due at the grid point after the one it stands for. */
  taken(timestampNs: bigint): void {
    this.#dueNs = (Math.round(this.#timeNs(timestampNs) / KEY_INTERVAL_NS) + 1) * KEY_INTERVAL_NS;
  }

  #timeNs(timestampNs: bigint): number {
    this.#firstTimestampNs ??= timestampNs;
    return Number(timestampNs - this.#firstTimestampNs);
  }
}
