/** Times are ms since 1970 by the module's clock; `null` in `intervalsMs` breaks the line where frames are missing. */
export interface IntervalSeries {
  readonly timesMs: readonly number[];
  readonly intervalsMs: readonly (number | null)[];
}

const SPAN_MS = 60_000;
/** A minute at 500 frames/s; the oldest go first. */
const POINTS_MAX = 30_000;
/** By how much the sum of the intervals may run away from the clock before it is set again. */
const DRIFT_MS_MAX = 1000;

/** Frame intervals of the last minute, each at the time when it ended. */
export class IntervalBuffer {
  #timesMs: number[] = [];
  #intervalsMs: (number | null)[] = [];
  #endMs: number | undefined;

  /** The intervals of one snapshot, oldest first, and when it was taken. */
  push(intervalsMs: readonly number[], atMs: number): void {
    const usable = intervalsMs.filter((interval) => Number.isFinite(interval) && interval >= 0);
    if (usable.length > 0) this.#append(usable, atMs);
    this.#forget(atMs - SPAN_MS);
  }

  series(): IntervalSeries {
    return { timesMs: this.#timesMs, intervalsMs: this.#intervalsMs };
  }

  /** The intervals alone, without breaks. */
  values(): number[] {
    return this.#intervalsMs.filter((interval) => interval !== null);
  }

  #append(intervalsMs: readonly number[], atMs: number): void {
    const sumMs = intervalsMs.reduce((sum, interval) => sum + interval, 0);
    let timeMs = this.#endMs ?? atMs - sumMs;
    const driftMs = atMs - (timeMs + sumMs);
    if (driftMs > DRIFT_MS_MAX) {
      timeMs = atMs - sumMs;
      this.#add(timeMs, null);
    } else if (driftMs < -DRIFT_MS_MAX) {
      // What comes now can't be in the future, so what came before was earlier than we took it for.
      this.#timesMs = this.#timesMs.map((earlierMs) => earlierMs + driftMs);
      timeMs += driftMs;
    }
    for (const intervalMs of intervalsMs) this.#add((timeMs += intervalMs), intervalMs);
    this.#endMs = timeMs;
  }

  #add(timeMs: number, intervalMs: number | null): void {
    this.#timesMs.push(timeMs);
    this.#intervalsMs.push(intervalMs);
  }

  #forget(beforeMs: number): void {
    const firstKept = this.#timesMs.findIndex((timeMs) => timeMs >= beforeMs);
    const old = firstKept === -1 ? this.#timesMs.length : firstKept;
    const gone = Math.max(old, this.#timesMs.length - POINTS_MAX);
    this.#timesMs.splice(0, gone);
    this.#intervalsMs.splice(0, gone);
  }
}
