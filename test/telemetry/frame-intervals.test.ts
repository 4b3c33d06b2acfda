import { describe, expect, test } from "bun:test";
import { FrameIntervals } from "../../src/telemetry/frame-intervals.ts";

function intervalsOf(count: number, intervalMs: number): FrameIntervals {
  const intervals = new FrameIntervals();
  for (let index = 0; index < count; index++) intervals.add(intervalMs);
  return intervals;
}

describe("FrameIntervals", () => {
  test("gives those since a number, oldest first, and of too many the newest", () => {
    const intervals = new FrameIntervals();
    for (let index = 0; index < 5000; index++) intervals.add(index);
    expect(intervals.since(4997, 1000)).toEqual([4997, 4998, 4999]);
    expect(intervals.since(5000, 1000)).toEqual([]);
    const newest = intervals.since(0, 1000);
    expect([newest.length, newest[0], newest.at(-1)]).toEqual([1000, 4000, 4999]);
  });

  test("tells the rate of the last two seconds, whatever was before", () => {
    const intervals = intervalsOf(600, 10);
    for (let index = 0; index < 60; index++) intervals.add(1000 / 30);
    expect(intervals.rate(0, 2000, 10)).toBeCloseTo(30, 6);
    expect(intervalsOf(3000, 1).rate(0, 2000, 0)).toBeCloseTo(1000, 6);
  });

  test("counts lost frames against the rate", () => {
    const intervals = new FrameIntervals();
    for (let index = 0; index < 100; index++) intervals.add(index % 10 === 9 ? 40 : 20);
    expect(intervals.rate(0, 2000, 10)).toBeWithin(45, 46);
  });

  test("knows rates below one frame in two seconds as well", () => {
    expect(intervalsOf(3, 10_000).rate(0, 2000, 9000)).toBeCloseTo(0.1, 6);
  });

  test("falls when no frame comes any more, down to 0", () => {
    const intervals = intervalsOf(100, 20);
    const rates = [0, 29, 31, 500, 1000, 1900, 2001].map((silentMs) => intervals.rate(0, 2000, silentMs));
    expect(rates.slice(0, 2)).toEqual([expect.closeTo(50), expect.closeTo(50)]);
    expect(rates).toEqual(rates.toSorted((one, other) => other - one));
    expect(rates.at(-2)).toBeWithin(1, 30);
    expect(rates.at(-1)).toBe(0);
    // Where frames come some at a time, a pause is usual.
    expect(intervals.rate(0, 2000, 900, 1000)).toBeCloseTo(50, 6);
  });

  test("forgets what belongs to the camera before", () => {
    const intervals = intervalsOf(100, 20);
    expect(intervals.rate(100, 2000, 0)).toBe(0);
    intervals.add(10);
    expect(intervals.rate(100, 2000, 0)).toBeCloseTo(100, 6);
  });
});
