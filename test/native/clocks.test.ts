import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { monotonicNs, suspendedNs } from "../../src/native/clocks.ts";

test("the time suspended makes of CLOCK_MONOTONIC the time since the machine started, to the microsecond", () => {
  const readings = Array.from({ length: 100 }, suspendedNs);
  for (const reading of readings) expect(reading % 1000n).toBe(0n);
  const apart = readings.map((reading) => Number(reading - (readings[0] ?? 0n)));
  expect(Math.max(...apart) - Math.min(...apart)).toBeLessThan(50_000);
  // Hundredths of a second, by CLOCK_BOOTTIME.
  const uptimeSeconds = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
  expect(Number(monotonicNs() + suspendedNs()) / 1e9 - uptimeSeconds).toBeWithin(0, 0.5);
});
