import { describe, expect, test } from "bun:test";
import type { CapturedFrame } from "../../src/capture/captured-frame.ts";
import { FrameRouter } from "../../src/pipeline/frame-router.ts";
import { FrameMaker } from "../support/frame-maker.ts";

const unexpected = (error: unknown): void => {
  throw error;
};

describe("FrameRouter", () => {
  test("offers each frame to its consumers in order of precedence, and then lets go of it", () => {
    const frames = new FrameMaker();
    const seen: string[] = [];
    const consumer = (name: string) => ({
      offer: (frame: CapturedFrame) => void seen.push(`${name}${frame.frameNumber}:${frames.held}`),
    });
    const router = new FrameRouter(0, [consumer("recorder"), consumer("metrics"), consumer("preview")], unexpected);
    router.route(frames.next());
    router.route(frames.next());
    expect(seen).toEqual(["recorder0:1", "metrics0:1", "preview0:1", "recorder1:1", "metrics1:1", "preview1:1"]);
    expect(frames.held).toBe(0);
  });

  test("leaves a frame with the consumer that retained it", () => {
    const frames = new FrameMaker();
    const kept: CapturedFrame[] = [];
    const router = new FrameRouter(0, [{ offer: (frame) => void kept.push(frame.retain()) }], unexpected);
    router.route(frames.next());
    expect(frames.held).toBe(1);
    expect(kept[0]?.planes).toHaveLength(3);
    kept[0]?.release();
    expect(frames.held).toBe(0);
  });

  test("a consumer that throws keeps nothing from the next one, and is reported each time", () => {
    const frames = new FrameMaker();
    const errors: unknown[] = [];
    let offered = 0;
    const bad = {
      offer: (): void => {
        throw new Error("a bug");
      },
    };
    const router = new FrameRouter(0, [bad, { offer: () => void offered++ }, bad], (error) => void errors.push(error));
    for (let index = 0; index < 3; index++) router.route(frames.next());
    expect(offered).toBe(3);
    expect(errors).toHaveLength(6);
    expect(frames.held).toBe(0);
  });

  test("tells the source's interval: what it was set to, then what it does", () => {
    const frames = new FrameMaker({ frameRate: 50, reportsDuration: false });
    const intervals: number[] = [];
    const router = new FrameRouter(
      1e9 / 60,
      [{ offer: (_, intervalNs) => void intervals.push(intervalNs) }],
      unexpected,
    );
    for (let index = 0; index < 200; index++) router.route(frames.next());
    expect(intervals[0]).toBeCloseTo(1e9 / 60, 0);
    expect(intervals.at(-1)).toBeCloseTo(1e9 / 50, 0);
  });

  test("works without anybody who wants frames", () => {
    const frames = new FrameMaker();
    new FrameRouter(0, [], unexpected).route(frames.next());
    expect(frames.held).toBe(0);
  });
});
