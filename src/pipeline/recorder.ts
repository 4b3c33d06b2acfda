import type { DropReason } from "./frame-ledger.ts";
import type { FrameConsumer } from "./frame-router.ts";

/** A consumer that accounts for every frame, also for those that could not be delivered. */
export interface Recorder extends FrameConsumer {
  /** Frames that the source captured but can't deliver. `frameNumber`: which one, where it knows. */
  offerBad(reason: DropReason, frameCount: number, frameNumber: number | null): void;
}
