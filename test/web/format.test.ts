import { expect, test } from "bun:test";
import {
  formatAge,
  formatBitRate,
  formatBytes,
  formatCount,
  formatDuration,
  formatMilliseconds,
  formatRate,
  formatTimeOfDay,
  formatTimeOfDayMs,
  NOTHING,
  plural,
} from "../../web/model/format.ts";

test("rates have one decimal", () => {
  expect([29.97, 30, 0, 119.94].map(formatRate)).toEqual(["30.0", "30.0", "0.0", "119.9"]);
});

test("durations are minutes and seconds that have passed, and hours from the first on", () => {
  expect([0, 59.99, 60, 3599.9, 3600, 3725, 360_000].map(formatDuration)).toEqual([
    ...["00:00", "00:59", "01:00", "59:59"],
    ...["1:00:00", "1:02:05", "100:00:00"],
  ]);
  expect(formatDuration(-1)).toBe("00:00");
});

test("sizes have three digits and a prefix of 1000, also where rounding reaches the next one", () => {
  expect([0, 999, 999.6, 1000, 12_345, 761_204_551, 999_600_000, 1.25e9, 5e15].map(formatBytes)).toEqual([
    ...["0 B", "999 B", "1.00 kB", "1.00 kB", "12.3 kB"],
    ...["761 MB", "1.00 GB", "1.25 GB", "5000 TB"],
  ]);
  expect(formatBitRate(7_974_000)).toBe("7.97 Mbit/s");
});

test("times that something took have the unit and the decimals that say something", () => {
  expect([0, 0.423, 9.994, 41.4, 999.4, 999.6, 3210, 59_940, 60_000, 125_000].map(formatMilliseconds)).toEqual([
    ...["0.00 ms", "0.42 ms", "9.99 ms", "41 ms", "999 ms", "1.0 s", "3.2 s", "59.9 s"],
    ...["1 min 00 s", "2 min 05 s"],
  ]);
});

test("ages have no decimals below a second", () => {
  expect([0.4, 9.39, 999.4, 999.6, 61_000].map(formatAge)).toEqual(["0 ms", "9 ms", "999 ms", "1.0 s", "1 min 01 s"]);
});

test("counts have separators, and agree with their noun", () => {
  expect(formatCount(1_234_567)).toBe("1,234,567");
  expect([plural(0, "frame"), plural(1, "frame"), plural(2000, "frame")]).toEqual([
    "0 frames",
    "1 frame",
    "2,000 frames",
  ]);
});

test("times of day are those of this machine; what is no time is nothing", () => {
  const at = new Date(2026, 0, 6, 4, 3, 2, 7);
  expect(formatTimeOfDay(at.toISOString())).toBe("04:03:02");
  expect(formatTimeOfDay(at.getTime())).toBe("04:03:02");
  expect(formatTimeOfDayMs(at.toISOString())).toBe("04:03:02.007");
  expect([formatTimeOfDay("soon"), formatTimeOfDayMs("soon")]).toEqual([NOTHING, NOTHING]);
});
