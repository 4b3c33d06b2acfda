import { expect, test } from "bun:test";
import fc from "fast-check";
import { IntervalBuffer } from "../../web/model/interval-buffer.ts";
import { jitterOf } from "../../web/model/jitter.ts";

const second = (ms: number) => Array.from({ length: Math.round(1000 / ms) }, () => ms);

test("the buffer holds the last minute, and no more", () => {
  const buffer = new IntervalBuffer();
  for (let index = 0; index < 90; index++) buffer.push(second(40), index * 1000);
  const { timesMs } = buffer.series();
  expect(timesMs.length).toBe(1501);
  expect([timesMs[0], timesMs.at(-1)]).toEqual([29_000, 89_000]);
});

test("a camera that says nothing leaves a break in the line, and the minute goes on", () => {
  const buffer = new IntervalBuffer();
  buffer.push([100, 100], 1000);
  for (let atMs = 2000; atMs <= 9000; atMs += 1000) buffer.push([], atMs);
  buffer.push([100, 100], 10_000);
  expect(buffer.series().intervalsMs).toEqual([100, 100, null, 100, 100]);
  expect(buffer.series().timesMs).toEqual([900, 1000, 9800, 9900, 10_000]);
  buffer.push([], 70_500);
  expect(buffer.values()).toEqual([]);
});

test("whatever comes in whatever time, times never run backwards and the bound holds", () => {
  const snapshots = fc.array(
    fc.tuple(fc.array(fc.float({ noNaN: true, min: 0, max: 500 }), { maxLength: 50 }), fc.nat(5000)),
  );
  fc.assert(
    fc.property(snapshots, (pushes) => {
      const buffer = new IntervalBuffer();
      let atMs = 0;
      for (const [intervals, waitMs] of pushes) buffer.push(intervals, (atMs += waitMs));
      const { timesMs, intervalsMs } = buffer.series();
      expect(timesMs).toHaveLength(intervalsMs.length);
      expect(timesMs).toEqual([...timesMs].sort((one, other) => one - other));
    }),
  );
});

test("at any rate the number of points is bounded, the oldest going first", () => {
  const buffer = new IntervalBuffer();
  for (let atMs = 0; atMs < 60_000; atMs += 1000) buffer.push(second(1), atMs);
  expect(buffer.series().timesMs.length).toBe(30_000);
  expect(buffer.series().timesMs.at(-1)).toBe(59_000);
});

test("what is no interval is left out", () => {
  const buffer = new IntervalBuffer();
  buffer.push([33, Number.NaN, -1, Infinity, 34], 1000);
  expect(buffer.values()).toEqual([33, 34]);
});

test("jitter is the distance from the median, and every frame is in one bin", () => {
  const intervals = [...second(40), 39.9, 40.1, 140];
  const report = jitterOf(intervals);
  expect(report).toMatchObject({ count: 28, medianMs: 40, maxJitterMs: 100, longestMs: 140 });
  expect(report?.bins.reduce((sum, { count }) => sum + count, 0)).toBe(28);
});

test("the histogram's middle is the median, its width that of most frames, and what lies beyond is in the outermost", () => {
  const report = jitterOf([...Array.from({ length: 999 }, (_, index) => 33 + (index % 3) / 10), 133]);
  expect(report?.binMs).toBeCloseTo(0.01);
  expect(report?.bins).toHaveLength(31);
  expect(report?.bins[15]?.count).toBe(333);
  expect([report?.bins.at(-1)?.count, report?.beyond]).toEqual([1, 1]);
});

test("of no interval there is no report, and of equal ones there is no jitter", () => {
  expect(jitterOf([])).toBeUndefined();
  expect(jitterOf([33, 33, 33])).toMatchObject({ p99JitterMs: 0, maxJitterMs: 0, binMs: 0.001 });
});
