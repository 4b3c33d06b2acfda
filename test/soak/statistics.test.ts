import { describe, expect, test } from "bun:test";
import { linearAxis, logarithmicAxis, timeAxis } from "./axis.ts";
import { type Point, robustFit } from "./robust-fit.ts";
import type { Sample } from "./sample.ts";
import { thinSamples } from "./thin-samples.ts";

const SAMPLE: Sample = {
  seconds: 0,
  trial: 0,
  residentBytes: 100e6,
  descriptors: 20,
  threads: 10,
  cpuPercent: 50,
  delayMeanMs: undefined,
  delayMaxMs: undefined,
};

describe("robustFit", () => {
  const line = (x: number): Point => [x, 100 + 0.5 * x];

  test("finds a line through noise of which every fifth point lies far off", () => {
    const points = Array.from({ length: 3000 }, (_, x): Point => [x, line(x)[1] + (x % 5 === 0 ? 400 : (x % 3) - 1)]);
    const fit = robustFit(points);
    expect(fit?.slope).toBeCloseTo(0.5, 2);
    expect(fit?.from).toBeCloseTo(100, -1);
    expect(fit?.to).toBeCloseTo(1600, -1);
    expect(fit?.spread).toBeLessThan(2);
  });

  test("a single peak at the end is no slope", () => {
    expect(robustFit([...Array.from({ length: 50 }, (_, x): Point => [x, 7]), [50, 9000]])?.slope).toBe(0);
  });

  test("without two different x there is no line", () => {
    expect(robustFit([])).toBeUndefined();
    expect(robustFit([line(3), line(3)])).toBeUndefined();
  });
});

describe("thinSamples", () => {
  const samples = Array.from({ length: 1000 }, (_, index): Sample => {
    const peak = index === 777 ? { residentBytes: 900e6, descriptors: 99, delayMeanMs: 3, delayMaxMs: 250 } : {};
    return { ...SAMPLE, seconds: index, trial: index < 905 ? 0 : 1, ...peak };
  });

  test("keeps every peak, the trials apart and the last moment", () => {
    const thinned = thinSamples(samples, 100);
    expect(thinned.length).toBeLessThanOrEqual(101);
    expect(Math.max(...thinned.map(({ residentBytes }) => residentBytes))).toBe(900e6);
    expect(Math.max(...thinned.map(({ descriptors }) => descriptors))).toBe(99);
    expect(Math.max(...thinned.map(({ delayMaxMs }) => delayMaxMs ?? 0))).toBe(250);
    expect(thinned.findLast(({ trial }) => trial === 0)?.seconds).toBe(904);
    expect(thinned.at(-1)?.seconds).toBe(999);
  });

  test("leaves few as they are", () => {
    expect(thinSamples(samples.slice(0, 100), 100)).toEqual(samples.slice(0, 100));
  });
});

describe("axes", () => {
  test("a linear one goes from 0 to a round number that holds all", () => {
    expect(linearAxis(131).ticks).toEqual([0, 50, 100, 150]);
    expect(linearAxis(25).ticks).toEqual([0, 5, 10, 15, 20, 25]);
    expect(linearAxis(0.55).ticks).toEqual([0, 0.2, 0.4, 0.6]);
    expect(linearAxis(150).place(150)).toBe(1);
  });

  test("time ends where the run did", () => {
    expect(timeAxis(62).ticks).toEqual([0, 20, 40, 60]);
    expect(timeAxis(62).place(31)).toBe(0.5);
  });

  test("a logarithmic one has powers of ten, and what is too small stands at its beginning", () => {
    const axis = logarithmicAxis(0.1, 55);
    expect(axis.ticks).toEqual([0.1, 1, 10, 100]);
    expect([axis.place(0), axis.place(100)]).toEqual([0, 1]);
    expect(axis.place(10)).toBeCloseTo(2 / 3);
  });
});
