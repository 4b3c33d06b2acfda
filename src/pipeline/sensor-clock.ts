import type { FrameMetadata } from "../capture/captured-frame.ts";

/** A jump ahead beyond this is no gap of the sensor: a camera that is silent for seconds has stalled long before. */
const JUMP_NS_MAX = 3600n * 1_000_000_000n;
/** How long a clock may be out of time before it will not come back. */
const LOST_NS = 2_000_000_000n;

/** Watches over the sensor's timestamps: in a video they only increase, and by no more than an hour at a time. */
export class SensorClock {
  #last: Pick<FrameMetadata, "sensorTimestampNs" | "monotonicNs"> | undefined;

  /** Whether this frame's timestamp has a place after those accepted before. */
  accept(frame: Pick<FrameMetadata, "sensorTimestampNs" | "monotonicNs">): boolean {
    if (this.#last !== undefined) {
      const stepNs = frame.sensorTimestampNs - this.#last.sensorTimestampNs;
      if (stepNs <= 0n || stepNs > JUMP_NS_MAX) return false;
    }
    this.#last = frame;
    return true;
  }

  /** Whether no timestamp was accepted for so long, by our own clock, that the sensor's will not come back. */
  isLost({ monotonicNs }: Pick<FrameMetadata, "monotonicNs">): boolean {
    return this.#last !== undefined && monotonicNs - this.#last.monotonicNs > LOST_NS;
  }
}
