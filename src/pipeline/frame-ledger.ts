/** Why a frame that should have been recorded was not. */
export const DROP_REASONS = [
  "frame_error", // the camera said that the frame is damaged, or its timestamp has no place in the video
  "capture_overflow", // the ring between the camera's thread and ours was full
  "encoder_busy", // the encoder held as many frames as it may
  "encoder_skip", // the encoder made nothing of the frame
  "encoder_error", // what the encoder made of it is damaged, or needs a damaged picture to be decoded
  "encoder_stall", // it was in an encoder that stalled
  "encoder_failed", // it was in an encoder that failed, or came after that
  "disk_slow", // more is waiting to be written than may wait
  "disk_error",
] as const;
export type DropReason = (typeof DROP_REASONS)[number];

/** A ledger as it goes over the wire and into files. */
export interface LedgerReport {
  captured: number;
  recorded: number;
  skipped_by_rate_gate: number;
  /** By DropReason; only those that occurred. */
  dropped: Record<string, number>;
  sensor_gaps: { gaps: number; missing_frames: number };
}

/**
 * Where every frame of one recording went: captured = recorded + skipped by the rate gate + dropped, once nothing is
 * on its way any more. Frames that the sensor lost before they reached us are counted beside.
 */
export class FrameLedger {
  #captured = 0;
  #recorded = 0;
  #skipped = 0;
  readonly #dropped = new Map<DropReason, number>();
  #gaps = 0;
  #missing = 0;

  countCaptured(frames = 1): void {
    this.#captured += frames;
  }

  countRecorded(frames = 1): void {
    this.#recorded += frames;
  }

  countSkipped(): void {
    this.#skipped++;
  }

  countDropped(reason: DropReason, frames = 1): void {
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + frames);
  }

  countGap(missingFrames: number): void {
    this.#gaps++;
    this.#missing += missingFrames;
  }

  get dropped(): number {
    let sum = 0;
    for (const count of this.#dropped.values()) sum += count;
    return sum;
  }

  /** Captured frames of which it is not decided yet where they go: 0 in a closed recording. */
  get inFlight(): number {
    return this.#captured - this.#recorded - this.#skipped - this.dropped;
  }

  report(): LedgerReport {
    return {
      captured: this.#captured,
      recorded: this.#recorded,
      skipped_by_rate_gate: this.#skipped,
      dropped: Object.fromEntries(this.#dropped),
      sensor_gaps: { gaps: this.#gaps, missing_frames: this.#missing },
    };
  }
}
