import { expect, test } from "bun:test";
import { LeadIn } from "../../src/pipeline/lead-in.ts";
import type { Recorder } from "../../src/pipeline/recorder.ts";
import { FrameMaker } from "../support/frame-maker.ts";

function offer(leadIn: LeadIn, frames: FrameMaker, count: number): void {
  for (let index = 0; index < count; index++) {
    const frame = frames.next();
    leadIn.offer(frame, 1000 + frame.frameNumber);
    frame.release();
  }
}

/** Notes down what it gets. */
function noting(): { recorder: Recorder; noted: string[] } {
  const noted: string[] = [];
  return {
    noted,
    recorder: {
      offer: ({ frameNumber }, intervalNs) => void noted.push(`${frameNumber} at ${intervalNs}`),
      offerBad: (reason, count, number) => void noted.push(`${count} ${reason} at ${number}`),
    },
  };
}

test("what is handed over are the newest frames, with those that were bad, in their order, once", () => {
  const frames = new FrameMaker();
  const leadIn = new LeadIn(3);
  const { recorder, noted } = noting();
  leadIn.offerBad("frame_error", 1, 7);
  offer(leadIn, frames, 4);
  leadIn.offerBad("capture_overflow", 2, null);
  offer(leadIn, frames, 1);
  expect(frames.held).toBe(3);
  leadIn.handOver(recorder);
  leadIn.handOver(recorder);
  expect(noted).toEqual(["2 at 1002", "3 at 1003", "2 capture_overflow at null", "4 at 1004"]);
  expect(frames.held).toBe(0);
  offer(leadIn, frames, 3);
  leadIn.handOver(recorder);
  expect(noted).toHaveLength(7);
});

test("what is discarded is held no longer", () => {
  const frames = new FrameMaker();
  const leadIn = new LeadIn(3);
  offer(leadIn, frames, 2);
  leadIn.discard();
  expect(frames.held).toBe(0);
});

test("bad frames without good ones between them fill no memory", () => {
  const leadIn = new LeadIn(3);
  const { recorder, noted } = noting();
  for (let number = 0; number < 1000; number++) leadIn.offerBad("frame_error", 1, number);
  leadIn.handOver(recorder);
  expect(noted).toEqual([994, 995, 996, 997, 998, 999].map((number) => `1 frame_error at ${number}`));
});
