import { describe, expect, test } from "bun:test";
import { IntervalEstimator } from "../../src/pipeline/interval-estimator.ts";
import { frameAt, frameTimes } from "./frame-times.ts";

/** The estimate after frames of these times, of which some never arrive. */
function estimate(
  estimator: IntervalEstimator,
  timesNs: readonly bigint[],
  { isLost = () => false, firstNumber = 0 }: { isLost?: (index: number) => boolean; firstNumber?: number } = {},
): number {
  let estimateNs = 0;
  timesNs.forEach((timeNs, index) => {
    if (!isLost(index)) estimateNs = estimator.observe(frameAt(timeNs, firstNumber + index));
  });
  return estimateNs;
}

describe("IntervalEstimator", () => {
  test("says what the source was set to until it is told otherwise", () => {
    const estimator = new IntervalEstimator(1e9 / 30);
    expect(estimator.observe(frameAt(5n, 0))).toBeCloseTo(1e9 / 30, 3);
  });

  test("takes the sensor's word where there is one", () => {
    const estimator = new IntervalEstimator(1e9 / 30);
    for (const [index, timeNs] of frameTimes(30, 200).entries()) estimator.observe(frameAt(timeNs, index));
    expect(estimator.observe({ ...frameAt(0n, 200), frameDurationNs: 66_666_666 })).toBe(66_666_666);
  });

  test("does not know before the second frame where the source was not set", () => {
    const estimator = new IntervalEstimator(0);
    expect(estimator.observe(frameAt(7n, 0))).toBe(0);
    expect(estimator.observe(frameAt(33_333_340n, 1))).toBe(33_333_333);
  });

  test("comes to what it measures", () => {
    for (const [set, camera] of [
      [30, 29.97],
      [30, 30.2],
      [60, 60.38],
      [30, 25],
      [30, 60],
      [60, 50],
    ] as const) {
      const measured = estimate(new IntervalEstimator(1e9 / set), frameTimes(camera, 400));
      expect(measured / (1e9 / camera)).toBeCloseTo(1, 6);
    }
  });

  test("follows a source that changes its rate within some seconds", () => {
    const estimator = new IntervalEstimator(1e9 / 30);
    estimate(estimator, frameTimes(30, 300, { startNs: 0n }));
    const after = estimate(estimator, frameTimes(25, 300, { startNs: 10_000_000_000n }), { firstNumber: 300 });
    expect(after / (1e9 / 25)).toBeCloseTo(1, 2);
  });

  test("is not misled by one frame that comes early or late", () => {
    const times = frameTimes(30, 30);
    const late = times.map((time, index) => (index === 20 ? time + 15_000_000n : time));
    expect(estimate(new IntervalEstimator(1e9 / 30), late) / (1e9 / 30)).toBeCloseTo(1, 2);
  });

  test("is not stretched by gaps: single frames, several, seconds", () => {
    const losses: ((index: number) => boolean)[] = [
      (index) => index % 7 === 3,
      (index) => index % 20 > 16,
      (index) => index > 50 && index < 350,
    ];
    for (const isLost of losses) {
      for (const nominal of [0, 1e9 / 30]) {
        const measured = estimate(new IntervalEstimator(nominal), frameTimes(30, 500), { isLost });
        expect(measured / (1e9 / 30)).toBeCloseTo(1, 3);
      }
    }
  });

  test("is not biased by jitter of 40 % of the interval", () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const times = frameTimes(30, 2000, { jitter: 0.4, seed });
      const measured = estimate(new IntervalEstimator(1e9 / 30), times);
      expect(Math.abs(measured / (1e9 / 30) - 1)).toBeLessThan(0.01);
    }
  });
});
