import { expect, test } from "bun:test";
import { FrameSpan } from "../../src/pipeline/frame-span.ts";

const spanOf = (...times: readonly bigint[]) => {
  const span = new FrameSpan<{ readonly sensorTimestampNs: bigint }>();
  for (const sensorTimestampNs of times) span.add({ sensorTimestampNs });
  return span;
};
const START_NS = 2n ** 60n + 1n;

test("a span has its first and its last frame, and the mean rate of as many as are told to lie in it", () => {
  const span = spanOf(START_NS, START_NS + 7n, START_NS + 2_000_000_000n);
  expect([span.first, span.last]).toEqual([
    { sensorTimestampNs: START_NS },
    { sensorTimestampNs: START_NS + 2_000_000_000n },
  ]);
  expect([span.rate(61), span.rate(3), span.rate(2)]).toEqual([30, 1, 0.5]);
});

test("a span without time, without frames, or of one frame has no rate", () => {
  expect([spanOf().rate(2), spanOf(START_NS).rate(1), spanOf(START_NS).rate(2)]).toEqual([null, null, null]);
  expect(spanOf(START_NS, START_NS + 1n).rate(1)).toBeNull();
});
