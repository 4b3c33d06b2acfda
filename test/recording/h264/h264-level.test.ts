import { expect, test } from "bun:test";
import fc from "fast-check";
import { lowestH264Level } from "../../../src/recording/h264/h264-level.ts";

type Profile = Parameters<typeof lowestH264Level>[0]["profile"];

function level(width: number, height: number, framesPerSecond: number, megabits: number, profile: Profile = "main") {
  return lowestH264Level({ width, height, framesPerSecond, bitsPerSecond: megabits * 1e6, profile });
}

test.each([
  [1456, 1088, 60, 8, 42],
  [1456, 1088, 30, 8, 40],
  [1920, 1080, 30, 10, 40],
  [1920, 1080, 60, 10, 42],
  [1280, 720, 30, 5, 31],
  [1280, 720, 60, 5, 32],
  [640, 480, 30, 2, 30],
  [3840, 2160, 30, 40, 51],
  [176, 144, 15, 0.05, 10],
] as const)("the lowest level for %d x %d at %d frames/s and %d Mbit/s is %d", (width, height, rate, megabits, idc) => {
  expect(level(width, height, rate, megabits)).toBe(idc);
});

test("a bit rate above a level's raises the level", () => {
  expect(level(1920, 1080, 30, 20)).toBe(40);
  expect(level(1920, 1080, 30, 20.001)).toBe(41);
  expect(level(1920, 1080, 30, 50.001)).toBe(50);
});

test("the High profile may have a quarter more bits than Main", () => {
  expect(level(1920, 1080, 30, 25, "high")).toBe(40);
  expect(level(1920, 1080, 30, 25, "main")).toBe(41);
});

test("a picture longer than a level allows raises the level, however small it is", () => {
  expect(level(4096, 16, 1, 1)).toBe(40);
  expect(level(4112, 16, 1, 1)).toBe(42);
});

test("there is no level for more than level 6.2 allows", () => {
  expect(level(16384, 16384, 60, 100)).toBeUndefined();
});

test("more pixels, frames or bits never need a lower level", () => {
  const load = fc.record({
    width: fc.integer({ min: 1, max: 4096 }),
    height: fc.integer({ min: 1, max: 2304 }),
    framesPerSecond: fc.double({ min: 1, max: 240, noNaN: true }),
    bitsPerSecond: fc.integer({ min: 1, max: 200_000_000 }),
    profile: fc.constantFrom("baseline", "main", "high"),
  });
  const sizes = ["width", "height", "framesPerSecond", "bitsPerSecond"] as const;
  fc.assert(
    fc.property(load, fc.constantFrom(...sizes), fc.double({ min: 1, max: 4, noNaN: true }), (small, size, factor) => {
      const large = { ...small, [size]: small[size] * factor };
      expect(lowestH264Level(large) ?? 99).toBeGreaterThanOrEqual(lowestH264Level(small) ?? 99);
    }),
  );
});
