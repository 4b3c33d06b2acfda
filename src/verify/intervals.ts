import { NumberColumn } from "../recording/mp4/number-column.ts";
import type { TimingRow } from "./timing-rows.ts";

/** An interval between two frames. */
export interface LongestInterval {
  readonly ns: number;
  /** Number of the row that ends it, from 1, and its time after the first row, ns. */
  readonly row: number;
  readonly endNs: number;
}

/**
 * Collects the intervals between a recording's frames, by the sensor's timestamps, each exact. Rows that say none, that do
 * not increase, or that are torn, make none. Takes 8 bytes for each.
 */
export class Intervals {
  readonly #intervalsNs = new NumberColumn(Float64Array);
  #firstNs: bigint | undefined;
  #previousNs: bigint | undefined;
  #longest: LongestInterval | undefined;

  add({ number, sensorTimestampNs, isTorn }: TimingRow): void {
    const previousNs = this.#previousNs;
    this.#previousNs = isTorn ? undefined : sensorTimestampNs;
    if (this.#previousNs === undefined) return;
    this.#firstNs ??= this.#previousNs;
    if (previousNs === undefined) return;
    const ns = Number(this.#previousNs - previousNs);
    if (ns <= 0 || ns > Number.MAX_SAFE_INTEGER) return;
    this.#intervalsNs.push(ns);
    if (ns <= (this.#longest?.ns ?? 0)) return;
    this.#longest = { ns, row: number, endNs: Number(this.#previousNs - this.#firstNs) };
  }

  get longest(): LongestInterval | undefined {
    return this.#longest;
  }

  /** All of them in the order of the rows, ns; a copy. */
  toArray(): Float64Array {
    return this.#intervalsNs.toArray();
  }
}
