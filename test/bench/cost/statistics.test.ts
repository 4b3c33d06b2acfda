import { describe, expect, test } from "bun:test";
import { lineThrough } from "./slope.ts";
import { combined, relativeWidth, spreadOf } from "./spread.ts";
import { startOf } from "./start.ts";
import { discounted, judge, judgeCount } from "./verdict.ts";

describe("spreadOf", () => {
  test("the median of an even number of values lies between the two in the middle", () => {
    expect(spreadOf([9, 1, 3, 5])).toEqual({ median: 4, least: 1, most: 9, count: 4 });
    expect(spreadOf([2, 10, 1])).toEqual({ median: 2, least: 1, most: 10, count: 3 });
  });

  test("without values there is no spread", () => {
    expect(() => spreadOf([])).toThrow("no values");
  });

  test("its width is relative to the median", () => {
    expect(relativeWidth(spreadOf([9, 10, 12]))).toBeCloseTo(0.3);
  });
});

test("ratios are taken within a round: a round that was slow for both leaves them alone", () => {
  const [module, floor] = [
    [11, 22, 11],
    [10, 20, 10],
  ];
  const ratios = spreadOf(combined(module, floor, (ours, theirs) => ours / theirs));
  expect(relativeWidth(ratios)).toBeCloseTo(0);
  expect(ratios.median).toBeCloseTo(1.1);
  expect(() => combined(module, [1], (ours) => ours)).toThrow("3 rounds of one, 1 of the other");
});

describe("lineThrough", () => {
  test("start-up does not blur the cost of a frame", () => {
    const run = (frames: number) => ({ frames, amount: 700 + 5 * frames });
    expect(lineThrough(run(300), run(3012))).toEqual({ perFrame: 5, atStart: 700 });
  });

  test("a long run that is no longer than the short one has no slope", () => {
    expect(() => lineThrough({ frames: 300, amount: 1 }, { frames: 300, amount: 2 })).toThrow("300");
  });
});

test.each([
  [743, [700, 743, 820]],
  [null, [-311, -100, 20]],
  [null, [20, 141, 300]],
  [null, [700, 743]],
] as const)("start-up is %p where rounds say %p: what is lost in their noise is not known", (start, rounds) => {
  const costs = rounds.map((ms) => ({ startCpuMs: ms, startWallMs: ms }));
  expect(startOf(costs)).toEqual({ cpuMs: start, wallMs: start });
});

describe("judge", () => {
  const steady = spreadOf([10, 10.1, 10.2]);
  const unsteady = spreadOf([10, 10.1, 12]);

  test.each([
    ["met", [1.01, 1.02, 1.05], steady],
    ["not met", [1.06, 1.2, 1.3], steady],
    ["too noisy", [1.01, 1.02, 1.06], steady],
    ["too noisy", [1.01, 1.02, 1.03], unsteady],
    ["too few rounds", [1.01, 1.02], steady],
  ] as const)("a ratio of at most 1.05 is %s at %p", (verdict, ratios, floor) => {
    expect(judge(spreadOf(ratios), 1.05, floor)).toBe(verdict);
  });

  test("on a busy machine what is met is met, and what is not is not known", () => {
    const [busy, stolen] = [
      { othersShare: 0.3, stolenShare: 0 },
      { othersShare: 0, stolenShare: 0.3 },
    ];
    const quiet = { othersShare: 0.01, stolenShare: 0.01 };
    expect(discounted("met", busy)).toBe("met");
    expect([busy, stolen, quiet].map((taken) => discounted("not met", taken))).toEqual([
      "too noisy",
      "too noisy",
      "not met",
    ]);
  });

  test.each([
    ["met", [0, 0, 0]],
    ["not met", [0, 0, 1]],
    ["not met", [4]],
    ["too few rounds", [0, 0]],
  ] as const)("of faults, of which there should be none, the count is %s at %p", (verdict, counts) => {
    expect(judgeCount(spreadOf(counts), 0)).toBe(verdict);
  });
});
