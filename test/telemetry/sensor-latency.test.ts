import { describe, expect, test } from "bun:test";
import { SensorLatency } from "../../src/telemetry/sensor-latency.ts";

const MS = 1e6;
const S = 1e9;

describe("SensorLatency", () => {
  test("takes the sensor's clock for CLOCK_MONOTONIC where that makes sense", () => {
    for (const suspended of [0, 5 * S, 3600 * S]) {
      expect(new SensorLatency(33 * MS, suspended).of(12 * MS)).toBe(12 * MS);
    }
  });

  test("takes it for CLOCK_BOOTTIME on a machine that was suspended", () => {
    const latency = new SensorLatency(33 * MS, 3600 * S);
    expect(latency.of(12 * MS - 3600 * S)).toBe(12 * MS);
  });

  test("says that it does not know where neither makes sense", () => {
    const latency = new SensorLatency(33 * MS, 3600 * S);
    for (const elapsed of [-1, -5 * S, 11 * S, -3700 * S, -1.2e18, 1.2e18, Number.NaN]) {
      expect([elapsed, latency.of(elapsed)]).toEqual([elapsed, Number.NaN]);
    }
  });

  test("lets a long exposure take its time", () => {
    expect(new SensorLatency(100 * S, 0).of(200 * S)).toBe(200 * S);
    expect(new SensorLatency(0, 0).of(10 * S)).toBe(10 * S);
  });
});
