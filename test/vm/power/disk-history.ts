import { marksAt } from "./plan.ts";
import { type DiskRequest, readWriteLog } from "./write-log.ts";

const MAGIC = "csi-mark";

/**
 * All that a disk was asked for before its power went, and when: among the writes are marks, each with the time at which it
 * was written (guest/mark-time.cpp). Times are the guest's CLOCK_MONOTONIC, ns.
 */
export class DiskHistory {
  readonly requests: readonly DiskRequest[];
  /** By the number of requests so far: the time of the next mark. */
  readonly #latestNs: readonly bigint[];

  constructor(logPath: string) {
    this.requests = readWriteLog(logPath);
    const marks = this.requests.map(markNs);
    let nextNs = afterLast(marks.filter((time) => time !== undefined));
    const latestNs = [nextNs];
    for (const mark of marks.toReversed()) {
      nextNs = mark ?? nextNs;
      latestNs.push(nextNs);
    }
    this.#latestNs = latestNs.toReversed();
  }

  /** A moment that was not reached yet when the disk had been asked for `count` requests. */
  latestNs(count: number): bigint {
    return this.#latestNs[count] ?? 0n;
  }

  /** The number of requests so far at some time, at least. */
  countAt(timeNs: bigint): number {
    return Math.max(
      0,
      this.#latestNs.findIndex((latestNs) => latestNs > timeNs),
    );
  }
}

/** The mark that the end of the power kept from being written would have come after the longest gap, at the latest. */
function afterLast(times: readonly bigint[]): bigint {
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  const longestGap = gaps.reduce((longest, gap) => (gap > longest ? gap : longest), 0n);
  return (times.at(-1) ?? 0n) + longestGap;
}

function markNs(request: DiskRequest): bigint | undefined {
  if (request.kind !== "write" || request.at !== marksAt) return undefined;
  if (request.bytes.toString("latin1", 0, MAGIC.length) !== MAGIC) throw new Error("what should be a mark is none");
  return request.bytes.readBigInt64LE(MAGIC.length);
}
