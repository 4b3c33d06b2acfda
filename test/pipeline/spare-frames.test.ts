import { expect, test } from "bun:test";
import type { CapturedFrame } from "../../src/capture/captured-frame.ts";
import { type SpareFrameConsumer, SpareFrames } from "../../src/pipeline/spare-frames.ts";
import { FrameMaker } from "../support/frame-maker.ts";

test("frames are handed on only while half of the buffers are back at the source, the others are told of", () => {
  const frames = new FrameMaker();
  const [offered, passedOver]: [number[], number[]] = [[], []];
  const consumer: SpareFrameConsumer = {
    offer: ({ frameNumber }) => void offered.push(frameNumber),
    passOver: ({ frameNumber }) => void passedOver.push(frameNumber),
  };
  const spare = new SpareFrames([consumer], 8);
  const kept: CapturedFrame[] = [];
  // Kept from frame 2 on, as a recording's encoder does that falls behind.
  for (let number = 0; number < 10; number++) {
    const frame = frames.next();
    spare.offer(frame, 0);
    if (number >= 2) kept.push(frame.retain());
    frame.release();
  }
  expect(offered).toEqual([0, 1, 2, 3, 4, 5]);
  expect(passedOver).toEqual([6, 7, 8, 9]);
  for (const frame of kept.splice(0, 5)) frame.release();
  const next = frames.next();
  spare.offer(next, 0);
  next.release();
  expect(offered.at(-1)).toBe(10);
});

test("a source of one buffer has none to spare", () => {
  const frames = new FrameMaker();
  let offered = 0;
  const spare = new SpareFrames([{ offer: () => void offered++ }], 1);
  const frame = frames.next();
  spare.offer(frame, 0);
  frame.release();
  expect(offered).toBe(0);
});
