import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Histogram, quantile } from "../../src/telemetry/histogram.ts";

const BOUNDS = [0.01, 0.1, 1];

function histogramOf(values: readonly number[], bounds: readonly number[] = BOUNDS): Histogram {
  const histogram = new Histogram(bounds);
  for (const value of values) histogram.observe(value);
  return histogram;
}

describe("Histogram", () => {
  test("counts a value in the first bucket that reaches up to it, and beyond the last bound in one more", () => {
    const report = histogramOf([0, 0.01, 0.0100001, 0.1, 0.5, 1, 1.1, 50]).report();
    expect(report).toEqual({
      bounds: BOUNDS,
      counts: [2, 2, 2, 2],
      count: 8,
      sum: expect.closeTo(52.7200001),
      max: 50,
    });
  });

  test("has as many values in all buckets up to a bound as are not above it", () => {
    const number = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.array(number), fc.uniqueArray(number, { minLength: 1 }), (values, unsorted) => {
        const bounds = unsorted.toSorted((one, other) => one - other);
        const { counts } = histogramOf(values, bounds).report();
        for (const [index, bound] of bounds.entries()) {
          const upTo = counts.slice(0, index + 1).reduce((sum, count) => sum + count, 0);
          expect(upTo).toBe(values.filter((value) => value <= bound).length);
        }
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
      }),
    );
  });

  test("quantiles lie in the bucket of the value that they stand for, and never beyond the largest value", () => {
    const number = fc.double({ min: 0, max: 100, noNaN: true });
    const fraction = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(number, { minLength: 1 }), fraction, (values, wanted) => {
        const bounds = [1, 2, 5, 10, 20, 50];
        const found = quantile(histogramOf(values, bounds).report(), wanted) ?? Number.NaN;
        const sorted = values.toSorted((one, other) => one - other);
        const exact = sorted[Math.max(0, Math.ceil(wanted * values.length - 1e-9) - 1)] ?? Number.NaN;
        const upper = bounds.find((bound) => exact <= bound) ?? Number.POSITIVE_INFINITY;
        const lower = bounds.findLast((bound) => bound < exact) ?? 0;
        expect(found).toBeWithin(Math.min(lower, Math.max(...values)), Math.min(upper, Math.max(...values)) + 1e-9);
      }),
    );
    expect(quantile(histogramOf([]).report(), 0.5)).toBeNull();
  });
});
