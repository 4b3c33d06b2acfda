import { describe, expect, test } from "bun:test";
import type { FrameMetadata } from "../../src/capture/captured-frame.ts";
import { missingFrames } from "../../src/pipeline/sensor-gap.ts";

const frame = (frameNumber: number, milliseconds: number, frameDurationNs: number): FrameMetadata => ({
  frameNumber,
  sensorTimestampNs: 9_007_199_254_740_993n + BigInt(Math.round(milliseconds * 1e6)),
  monotonicNs: 0n,
  realtimeNs: 0n,
  frameDurationNs,
});

describe("missingFrames", () => {
  const cases: [number, number][] = [
    [1, 0],
    [0.2, 0],
    [1.5, 0],
    [1.51, 1],
    [2, 1],
    [2.4, 1],
    [3, 2],
    [100, 99],
    [100.4, 99],
  ];
  for (const [intervals, missing] of cases) {
    test(`finds ${missing} in ${intervals} frame durations, whatever the numbers say`, () => {
      const durationNs = 16_561_000;
      const milliseconds = (intervals * durationNs) / 1e6;
      for (const number of [1, 2, 50]) {
        expect(missingFrames(frame(0, 0, durationNs), frame(number, milliseconds, durationNs))).toBe(missing);
      }
    });
  }

  test("counts with the later frame's duration: an exposure may get longer", () => {
    expect(missingFrames(frame(0, 0, 10e6), frame(1, 100, 100e6))).toBe(0);
  });

  test("counts the numbers left out where the camera does not tell its frame duration", () => {
    for (const [number, missing] of [
      [1, 0],
      [2, 1],
      [10, 9],
      [0, 0],
    ] as const) {
      expect(missingFrames(frame(0, 0, 0), frame(number, 5000, 0))).toBe(missing);
    }
  });
});
