import { expect, test } from "bun:test";
import { WallClock } from "../../src/pipeline/wall-clock.ts";

const FRAME_NS = 33_333_333n;
const HOUR_NS = 3_600_000_000_000n;

/** What is told of frames whose wall clock is off by so much, ns, one frame after the other. */
function told(offsetsNs: readonly bigint[]): bigint[] {
  const clock = new WallClock();
  return offsetsNs.flatMap((offsetNs, index) => {
    const monotonicNs = BigInt(index) * FRAME_NS;
    const stepNs = clock.observe({ monotonicNs, realtimeNs: 1_767_748_502_723_745_000n + monotonicNs + offsetNs });
    return stepNs === undefined ? [] : [stepNs];
  });
}

test("a clock that is set ahead or back is told once, with how far", () => {
  expect(told([0n, 0n, HOUR_NS, HOUR_NS, HOUR_NS])).toEqual([HOUR_NS]);
  expect(told([0n, -HOUR_NS, -HOUR_NS, -HOUR_NS])).toEqual([-HOUR_NS]);
  expect(told([0n, 100_000_000n, 100_000_000n])).toEqual([100_000_000n]);
});

test("steps are counted and summed up", () => {
  const clock = new WallClock();
  for (const [index, offsetNs] of [0n, HOUR_NS, HOUR_NS, 0n, 0n, HOUR_NS, HOUR_NS].entries()) {
    clock.observe({ monotonicNs: BigInt(index), realtimeNs: offsetNs + BigInt(index) });
  }
  expect(clock.steps).toEqual({ count: 3, totalMs: 3_600_000 });
});

test("each of several steps is told", () => {
  expect(told([0n, HOUR_NS, HOUR_NS, 0n, 0n, 2n * HOUR_NS, 2n * HOUR_NS])).toEqual([HOUR_NS, -HOUR_NS, 2n * HOUR_NS]);
});

test("a clock that is slewed was not set, however far it comes", () => {
  expect(told(Array.from({ length: 1000 }, (_, index) => BigInt(index) * 3_000_000n))).toEqual([]);
});

test("one frame's late reading is no step", () => {
  expect(told([0n, 500_000_000n, 0n, 0n, -500_000_000n, 0n])).toEqual([]);
  expect(told([0n, 500_000_000n, 900_000_000n, 0n, 0n])).toEqual([]);
});

test("the first frame's reading is what others are held against", () => {
  expect(told([HOUR_NS, HOUR_NS])).toEqual([]);
});
