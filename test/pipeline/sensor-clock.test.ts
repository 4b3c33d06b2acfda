import { expect, test } from "bun:test";
import { SensorClock } from "../../src/pipeline/sensor-clock.ts";

const at = (sensorTimestampNs: bigint, monotonicNs = sensorTimestampNs) => ({ sensorTimestampNs, monotonicNs });
const SECOND = 1_000_000_000n;

test("SensorClock takes times that increase, exactly, also beyond 2^53", () => {
  const clock = new SensorClock();
  for (const time of [9_007_199_254_740_993n, 9_007_199_254_740_994n]) expect(clock.accept(at(time))).toBe(true);
  expect(clock.accept(at(9_007_199_254_740_994n))).toBe(false);
  expect(clock.accept(at(9_007_199_254_740_993n))).toBe(false);
});

test("SensorClock takes a gap of an hour and no more", () => {
  const clock = new SensorClock();
  clock.accept(at(0n));
  expect(clock.accept(at(3600n * SECOND + 1n))).toBe(false);
  expect(clock.accept(at(3600n * SECOND))).toBe(true);
});

test("SensorClock gives a clock up after two seconds of our own without a time that fits", () => {
  const clock = new SensorClock();
  clock.accept(at(10n * SECOND, 100n * SECOND));
  expect(clock.isLost(at(5n * SECOND, 102n * SECOND))).toBe(false);
  expect(clock.isLost(at(5n * SECOND, 102n * SECOND + 1n))).toBe(true);
});
