/** One sample as the file's tables describe it. */
export interface StoredSample {
  /** From 1. */
  readonly number: number;
  /** File offset of its data. */
  readonly at: number;
  readonly byteCount: number;
  /** Presentation time, ticks of the track's timescale. */
  readonly time: number;
  /** Ticks. */
  readonly duration: number;
  /** Decoding can start here. */
  readonly isSync: boolean;
}
