import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { expectInterval } from "../../src/verify/expected-interval.ts";
import { makeHistogram } from "../../src/verify/histogram.ts";
import { histogramLines } from "../../src/verify/histogram-lines.ts";
import { reportIntervals } from "../../src/verify/interval-report.ts";
import { Intervals } from "../../src/verify/intervals.ts";
import { encodeJpegVideo } from "../recording/mp4/encoded-video.ts";
import { percentile } from "../support/percentile.ts";
import { beginningOf, changed, describe60Fps } from "./describe-recording.ts";

const metadata = describe60Fps(encodeJpegVideo(1), [0n, 1_000_000_000n]);
const FRAME_NS = 1e9 / 60;

/** Intervals between rows with these timestamps; undefined: a row that says none. */
function between(timestampsNs: readonly (bigint | undefined)[]): Intervals {
  const intervals = new Intervals();
  timestampsNs.forEach((sensorTimestampNs, index) =>
    intervals.add({ number: index + 1, sensorTimestampNs, isTorn: false, characters: 60 }),
  );
  return intervals;
}

const everyNs = (stepNs: bigint, count: number): bigint[] =>
  Array.from({ length: count }, (_, index) => 2n ** 60n + 1n + BigInt(index) * stepNs);

describe("intervals", () => {
  test("are exact to the nanosecond beyond 2^53", () => {
    expect([...between([2n ** 62n + 1n, 2n ** 62n + 4n, 2n ** 62n + 5n]).toArray()]).toEqual([3, 1]);
  });

  test("of rows that do not increase, say no time, are torn, or jump beyond all numbers, are left out", () => {
    expect([...between([10n, 10n, 5n, 7n, undefined, 9n, 12n, 10n ** 400n]).toArray()]).toEqual([2, 3]);
    const intervals = between([1n, 2n]);
    intervals.add({ number: 3, sensorTimestampNs: 5n, isTorn: true, characters: 60 });
    expect([...intervals.toArray()]).toEqual([1]);
  });

  test("know the first of the longest, its row and its time", () => {
    expect(between([10n, 12n, 20n, 21n, 29n]).longest).toEqual({ ns: 8, row: 3, endNs: 10 });
    expect(between([10n]).longest).toBeUndefined();
  });

  test("have the percentiles of all of them, and of how far they are from their median", () => {
    const steps = fc.array(fc.integer({ min: 1, max: 100_000_000 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(steps, (stepsNs) => {
        let timeNs = 2n ** 53n;
        const report = reportIntervals(between([timeNs, ...stepsNs.map((ns) => (timeNs += BigInt(ns)))]), undefined);
        const spread = (values: readonly number[]) => ({
          p50: percentile(values, 50),
          p99: percentile(values, 99),
          max: Math.max(...values),
        });
        expect(report?.intervalNs).toEqual(spread(stepsNs));
        const medianNs = percentile(stepsNs, 50);
        expect(report?.jitterNs).toEqual(spread(stepsNs.map((ns) => Math.abs(ns - medianNs))));
        expect(report?.count).toBe(stepsNs.length);
        expect(report?.histogram.reduce((sum, { count }) => sum + count, 0)).toBe(stepsNs.length);
      }),
      { interruptAfterTimeLimit: 4000 },
    );
  });

  test("of no two rows have no report", () => {
    expect(reportIntervals(between([]), metadata)).toBeUndefined();
    expect(reportIntervals(between([5n]), metadata)).toBeUndefined();
  });

  test("of which some are gaps tell how many, how many frames are missing, and the longest", () => {
    const times = everyNs(10_000_000n, 100).map((ns, index) => {
      return ns + (index >= 20 ? 10_000_000n : 0n) + (index >= 70 ? 33_000_000n : 0n);
    });
    expect(reportIntervals(between(times), undefined)?.gaps).toEqual({
      count: 2,
      missingFrames: 4,
      longest: { ns: 43_000_000, row: 71, endNs: 743_000_000 },
    });
    expect(reportIntervals(between(everyNs(10_000_000n, 100)), undefined)?.gaps).toEqual({
      count: 0,
      missingFrames: 0,
      longest: undefined,
    });
  });
});

describe("the interval to expect", () => {
  test("is the median where nothing else is known", () => {
    expect(expectInterval(undefined, 20)).toEqual({ intervalNs: 20, gapNs: 30, from: "median" });
    const unset = changed(metadata, { rates: { capture_set: null } });
    expect(expectInterval(unset, 20)).toEqual({ intervalNs: 20, gapNs: 30, from: "median" });
  });

  test("is that of the rate that the camera was set to, as long as it keeps it", () => {
    expect(expectInterval(metadata, FRAME_NS * 1.02)).toMatchObject({ intervalNs: FRAME_NS, from: "capture_rate" });
    expect(expectInterval(metadata, FRAME_NS * 2)).toMatchObject({ intervalNs: FRAME_NS * 2, from: "median" });
  });

  test("is that rate's as well where every second frame was dropped: the median tells of the drops", () => {
    const dropping = changed(metadata, { end: { ledger: { dropped: { disk_slow: 1 } } } });
    expect(expectInterval(dropping, FRAME_NS * 2)).toMatchObject({ intervalNs: FRAME_NS, from: "capture_rate" });
  });

  test("is that of the rate to record where frames were skipped, and no interval that skipping makes is a gap", () => {
    const skipping = changed(metadata, { end: { ledger: { skipped_by_rate_gate: 5 } } });
    for (const fps of [7, 10, 24, 25, 30, 50, 59]) {
      const recordNs = 1e9 / fps;
      const { intervalNs, gapNs, from } = expectInterval(changed(skipping, { rates: { record_requested: fps } }), 1);
      expect({ intervalNs, from }).toEqual({ intervalNs: recordNs, from: "record_rate" });
      expect(gapNs).toBeGreaterThan((Math.floor(recordNs / FRAME_NS) + 1) * FRAME_NS);
    }
    const begun = beginningOf(changed(metadata, { rates: { record_requested: 25 } }));
    expect(expectInterval(begun, 1)).toMatchObject({ intervalNs: 4e7, from: "record_rate" });
    expect(expectInterval(beginningOf(metadata), FRAME_NS)).toMatchObject({ from: "capture_rate" });
  });
});

describe("the histogram", () => {
  const binsOf = (values: readonly number[]) => {
    const sorted = Float64Array.from(values).sort();
    return makeHistogram(sorted, percentile(values, 50));
  };

  test("of intervals that are all equal is one bin", () => {
    expect(binsOf(Array.from({ length: 500 }, () => 33_333_333))).toEqual([
      { fromNs: 33_333_000, toNs: 33_334_000, count: 500 },
    ]);
    expect(binsOf([7])).toEqual([{ fromNs: 0, toNs: 1000, count: 1 }]);
  });

  test("has few bins of a round width where most are, and one for all that is longer", () => {
    const values = Array.from({ length: 1000 }, (_, index) => 16_660_000 + ((index * 7919) % 10_007));
    const bins = binsOf([...values, 50_000_000, 9e15]);
    expect(bins.length).toBeLessThanOrEqual(9);
    for (const { fromNs, toNs } of bins.slice(0, -1)) expect((toNs ?? 0) - fromNs).toBe(2000);
    expect(bins.at(-1)).toEqual({ fromNs: 16_670_000, toNs: undefined, count: 2 });
  });

  test("holds each interval once, in a handful of bins, whatever they are", () => {
    const values = fc.array(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 40 }), (numbers, shift) => {
        const scaled = numbers.map((number) => Math.ceil(number / 2 ** shift));
        const bins = binsOf(scaled);
        expect(bins.length).toBeLessThanOrEqual(10);
        for (const { fromNs, toNs = Number.POSITIVE_INFINITY, count } of bins) {
          expect(scaled.filter((ns) => ns >= fromNs && ns < toNs)).toHaveLength(count);
        }
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(scaled.length);
      }),
      { interruptAfterTimeLimit: 4000 },
    );
  });

  test("is drawn in lines that fit 80 columns, in which no bin that holds something looks empty", () => {
    const lines = histogramLines([
      { fromNs: 0, toNs: 16_000_000, count: 1 },
      { fromNs: 16_000_000, toNs: 18_000_000, count: 0 },
      { fromNs: 18_000_000, toNs: 20_000_000, count: 432_000 },
      { fromNs: 20_000_000, toNs: undefined, count: 216_000 },
    ]);
    expect(lines).toEqual([
      "   below 16.000 ms       1 #",
      "16.000 - 18.000 ms       0",
      `18.000 - 20.000 ms  432000 ${"#".repeat(32)}`,
      `20.000 ms and more  216000 ${"#".repeat(16)}`,
    ]);
  });
});
