const CHECK_INTERVAL_MS = 500;
const STALL_MS_MIN = 2000;
/** A long exposure is not a stall. */
const STALL_FRAME_DURATIONS = 5;

/**
 * Calls `onStall` once when no frame came for max(2 s, 5 frame durations). Two looks in a row must find it so: after
 * the process was stopped for a while, the timer fires before the frames that waited are taken.
 */
export class StallWatch {
  readonly #onStall: () => void;
  #lastFrameMs = performance.now();
  #frameDurationMs = 0;
  #suspicious = false;
  #timer: Timer | undefined;

  constructor(onStall: () => void) {
    this.#onStall = onStall;
  }

  /** No frame came for so long, by now. */
  get isSilent(): boolean {
    const limitMs = Math.max(STALL_MS_MIN, STALL_FRAME_DURATIONS * this.#frameDurationMs);
    return performance.now() - this.#lastFrameMs >= limitMs;
  }

  /** `frameDurationNs`: what the camera was set to, for frames that do not tell theirs; 0 where it is not known. */
  start(frameDurationNs: number): void {
    this.#frameDurationMs ||= frameDurationNs / 1e6;
    this.#lastFrameMs = performance.now();
    this.#timer = setInterval(() => this.#look(), CHECK_INTERVAL_MS);
  }

  /** `frameDurationNs`: that of the frame; 0 where it is not known. */
  sawFrame(frameDurationNs: number): void {
    this.#lastFrameMs = performance.now();
    if (frameDurationNs > 0) this.#frameDurationMs = frameDurationNs / 1e6;
    this.#suspicious = false;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    if (!this.isSilent) return;
    if (!this.#suspicious) {
      this.#suspicious = true;
      return;
    }
    this.stop();
    this.#onStall();
  }
}
