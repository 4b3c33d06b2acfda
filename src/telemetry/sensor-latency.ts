import { suspendedNs } from "../native/clocks.ts";

/** A frame that took longer from its exposure to us was not timed by a clock of this machine. */
const LATENCY_NS_MAX = 10e9;
/** The same in frames, where those take longer. */
const LATENCY_FRAMES_MAX = 10;

/**
 * How long after the beginning of its exposure a frame reached us. That can be known only where the sensor's clock is
 * CLOCK_MONOTONIC or CLOCK_BOOTTIME, which differ by the time that the machine was suspended, and no camera says which
 * one it has. So the one is taken that makes a plausible time: not negative, and at most 10 s or 10 frames.
 */
export class SensorLatency {
  readonly #mostNs: number;
  readonly #suspendedNs: number;

  /** `frameDurationNs`: what the camera was set to; 0 where that is not known. `suspended`: when it was opened, ns. */
  constructor(frameDurationNs: number, suspended = Number(suspendedNs())) {
    this.#mostNs = Math.max(LATENCY_NS_MAX, LATENCY_FRAMES_MAX * frameDurationNs);
    this.#suspendedNs = suspended;
  }

  /** ns; NaN where it can't be known. `elapsedNs`: CLOCK_MONOTONIC at the frame's arrival minus the sensor's timestamp. */
  of(elapsedNs: number): number {
    if (this.#isPlausible(elapsedNs)) return elapsedNs;
    const boottimeNs = elapsedNs + this.#suspendedNs;
    return this.#isPlausible(boottimeNs) ? boottimeNs : Number.NaN;
  }

  #isPlausible(latencyNs: number): boolean {
    return latencyNs >= 0 && latencyNs <= this.#mostNs;
  }
}
