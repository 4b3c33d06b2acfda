import type { FrameMetadata } from "../capture/captured-frame.ts";

/** Below it, the two clocks were read at different moments, or the wall clock is being slewed. */
const STEP_NS_MIN = 100_000_000n;

/** How often the clock was set, and how far in all, ms; back is negative. */
export interface ClockSteps {
  readonly count: number;
  readonly totalMs: number;
}

/**
 * Notices when somebody sets the wall clock: its distance to CLOCK_MONOTONIC, which nobody can set, jumps and stays. A
 * distance that one frame alone has is our own thread's, which waited between the two readings.
 */
export class WallClock {
  #offsetNs: bigint | undefined;
  /** Of the last frame, where it was another. */
  #suspectNs: bigint | undefined;
  #steps: ClockSteps = { count: 0, totalMs: 0 };

  get steps(): ClockSteps {
    return this.#steps;
  }

  /** How far the clock was set, ns, told with the second frame after it; else undefined. */
  observe({ realtimeNs, monotonicNs }: Pick<FrameMetadata, "realtimeNs" | "monotonicNs">): bigint | undefined {
    const offsetNs = realtimeNs - monotonicNs;
    const [before, suspect] = [this.#offsetNs ?? offsetNs, this.#suspectNs];
    const isSet = suspect !== undefined && isNear(offsetNs, suspect);
    if (!isNear(offsetNs, before) && !isSet) {
      this.#suspectNs = offsetNs;
      return undefined;
    }
    this.#suspectNs = undefined;
    this.#offsetNs = offsetNs;
    if (!isSet) return undefined;
    const stepNs = offsetNs - before;
    this.#steps = { count: this.#steps.count + 1, totalMs: this.#steps.totalMs + Number(stepNs) / 1e6 };
    return stepNs;
  }
}

function isNear(offsetNs: bigint, otherNs: bigint): boolean {
  const stepNs = offsetNs - otherNs;
  return stepNs < STEP_NS_MIN && stepNs > -STEP_NS_MIN;
}
