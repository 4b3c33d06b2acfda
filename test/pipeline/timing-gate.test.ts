import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { IntervalEstimator } from "../../src/pipeline/interval-estimator.ts";
import { TimingGate } from "../../src/pipeline/timing-gate.ts";
import { frameAt, frameTimes } from "./frame-times.ts";

/** Which of the frames pass, by place. `intervalNs`: what the gate is told of the source. */
function passing(gate: TimingGate, timesNs: readonly bigint[], intervalNs: number): number[] {
  return timesNs.flatMap((timeNs, index) => (gate.accept(timeNs, intervalNs) ? [index] : []));
}

/** As in the program: the gate is told what the estimator makes of a source that was set to `nominalRate`. */
function passingAsEstimated(rate: number, nominalRate: number, timesNs: readonly bigint[]): number[] {
  const gate = new TimingGate(rate);
  const estimator = new IntervalEstimator(nominalRate === 0 ? 0 : 1e9 / nominalRate);
  return timesNs.flatMap((timeNs, index) =>
    gate.accept(timeNs, estimator.observe(frameAt(timeNs, index))) ? [index] : [],
  );
}

const SECONDS = 60;
const THINNED: [number, number][] = [
  [60.38, 30],
  [60, 25],
  [60, 24],
  [30, 29.97],
  [120, 30],
  [30, 7.5],
  [60, 59],
  [30, 28],
  [60, 0.5],
];

describe("TimingGate at a lower rate", () => {
  for (const [from, to] of THINNED) {
    for (const jitter of [0, 0.1, 0.4]) {
      test(`thins ${from} to ${to} within 1 %, with jitter of ${jitter * 100} % of the interval`, () => {
        const times = frameTimes(from, from * SECONDS, { jitter });
        const rate = passing(new TimingGate(to), times, 1e9 / from).length / SECONDS;
        expect(Math.abs(rate / to - 1)).toBeLessThan(to < 1 ? 0.05 : 0.01);
      });
    }
  }

  test("is right to 1 % at any rate, jitter or not", () => {
    const rates = fc.record({
      from: fc.double({ min: 10, max: 240, noNaN: true }),
      part: fc.double({ min: 0.05, max: 0.98, noNaN: true }),
      jitter: fc.double({ min: 0, max: 0.4, noNaN: true }),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(rates, ({ from, part, jitter, seed }) => {
        const to = from * part;
        // Enough that one frame more or less is no whole percent.
        const count = Math.ceil(400 / part);
        const times = frameTimes(from, count, { jitter, seed });
        const rate = (passing(new TimingGate(to), times, 1e9 / from).length * from) / count;
        expect(Math.abs(rate / to - 1)).toBeLessThan(0.01);
      }),
    );
  });

  test("takes the frame nearest to each point of the grid, each once", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 10, max: 240, noNaN: true }),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        (from, part) => {
          const to = from * part;
          const times = frameTimes(from, 500);
          const taken = passing(new TimingGate(to), times, 1e9 / from);
          taken.forEach((frame, point) => {
            // In input intervals; the grid begins with the first frame.
            const distance = Math.abs(frame - (point * from) / to);
            expect(distance).toBeLessThanOrEqual(0.5 + 1e-6);
          });
        },
      ),
    );
  });

  test("is anchored to its first frame, whatever the clock says", () => {
    for (const startNs of [0n, 1n, 9_007_199_254_740_993n, 9_223_372_036_000_000_000n]) {
      const times = frameTimes(60, 601, { startNs });
      expect(passing(new TimingGate(20), times, 1e9 / 60)).toEqual(
        Array.from({ length: 201 }, (_, index) => index * 3),
      );
    }
  });
});

describe("TimingGate at the source's own rate or above", () => {
  for (const [camera, set, record] of [
    [30, 30, 30],
    [29.97, 30, 30],
    [30.2, 30, 30],
    [60.38, 60, 60],
    [60, 60, 120],
    [15, 15, 1000],
    [29.97, 0, 30],
  ] as const) {
    // Of a source that was not set to a rate, the first intervals are all there is to go by.
    for (const jitter of set === 0 ? [0] : [0, 0.2]) {
      test(`${camera} frames/s recorded at ${record} lose none, jitter ${jitter} (camera set to ${set})`, () => {
        const times = frameTimes(camera, 3000, { jitter });
        expect(passingAsEstimated(record, set, times)).toHaveLength(3000);
      });
    }
  }

  test("every frame passes with any jitter, where the source's rate is known", () => {
    const rates = fc.record({
      from: fc.double({ min: 1, max: 240, noNaN: true }),
      factor: fc.double({ min: 1, max: 8, noNaN: true }),
      jitter: fc.double({ min: 0, max: 0.49, noNaN: true }),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(rates, ({ from, factor, jitter, seed }) => {
        const times = frameTimes(from, 300, { jitter, seed });
        expect(passing(new TimingGate(from * factor), times, 1e9 / from)).toHaveLength(300);
      }),
    );
  });

  test("every frame passes with jitter up to 40 % of the interval, where the rate is measured", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.4, noNaN: true }), fc.integer(), (jitter, seed) => {
        const times = frameTimes(30, 600, { jitter, seed });
        expect(passingAsEstimated(30, 30, times)).toHaveLength(600);
      }),
    );
  });
});

describe("TimingGate after a gap", () => {
  const withGap = (rate: number, gapFrom: number, gapFrames: number): { times: bigint[]; numbers: number[] } => {
    const numbers = Array.from({ length: gapFrom + 300 }, (_, index) => (index < gapFrom ? index : index + gapFrames));
    const times = frameTimes(rate, gapFrom + gapFrames + 300);
    return { times: numbers.map((number) => times[number] ?? 0n), numbers };
  };

  test("of seconds goes on at its rate without a burst", () => {
    const cases = fc.record({
      from: fc.constantFrom(30, 60, 60.38, 120),
      part: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
      gapFrom: fc.integer({ min: 1, max: 200 }),
      gapFrames: fc.integer({ min: 240, max: 2400 }),
    });
    fc.assert(
      fc.property(cases, ({ from, part, gapFrom, gapFrames }) => {
        const { times, numbers } = withGap(from, gapFrom, gapFrames);
        const taken = passing(new TimingGate(from * part), times, 1e9 / from).map((index) => numbers[index] ?? 0);
        const after = taken.filter((number) => number >= gapFrom + gapFrames);
        // The first half second: as many as its rate has, and one at each end.
        const limit = gapFrom + gapFrames + from / 2;
        expect(after.filter((number) => number < limit).length).toBeLessThanOrEqual((from * part) / 2 + 2);
      }),
    );
  });

  test("takes no two frames for one point of the grid", () => {
    for (const [from, to] of [
      [60, 25],
      [60, 24],
      [120, 30],
      [30, 7.5],
      [60, 20],
    ] as const) {
      for (let gapFrames = 240; gapFrames < 300; gapFrames++) {
        const { times, numbers } = withGap(from, 100, gapFrames);
        const taken = passing(new TimingGate(to), times, 1e9 / from).map((index) => numbers[index] ?? 0);
        // A frame right between two points may stand for either.
        const places = taken.map((number) => (number * to) / from).filter((place) => place % 1 !== 0.5);
        const points = places.map((place) => Math.round(place));
        const doubled = points.filter((point, index) => point === points[index - 1]);
        expect({ from, to, gapFrames, doubled }).toEqual({ from, to, gapFrames, doubled: [] });
      }
    }
  });
});
