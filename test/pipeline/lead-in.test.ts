import { expect, test } from "bun:test";
import { LeadIn } from "../../src/pipeline/lead-in.ts";
import { FrameMaker } from "../support/frame-maker.ts";

function offer(leadIn: LeadIn, frames: FrameMaker, count: number): void {
  for (let index = 0; index < count; index++) {
    const frame = frames.next();
    leadIn.offer(frame, 1000 + frame.frameNumber);
    frame.release();
  }
}

test("what is handed over are the newest frames, in their order, once", () => {
  const frames = new FrameMaker();
  const leadIn = new LeadIn(3);
  const taken: [number, number][] = [];
  const consumer = {
    offer: ({ frameNumber }: { frameNumber: number }, intervalNs: number) => void taken.push([frameNumber, intervalNs]),
  };
  offer(leadIn, frames, 5);
  expect(frames.held).toBe(3);
  leadIn.handOver(consumer);
  leadIn.handOver(consumer);
  expect(taken).toEqual([
    [2, 1002],
    [3, 1003],
    [4, 1004],
  ]);
  expect(frames.held).toBe(0);
});

test("what is discarded is held no longer", () => {
  const frames = new FrameMaker();
  const leadIn = new LeadIn(3);
  offer(leadIn, frames, 2);
  leadIn.discard();
  expect(frames.held).toBe(0);
});
