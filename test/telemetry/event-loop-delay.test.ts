import { expect, test } from "bun:test";
import { EventLoopDelay } from "../../src/telemetry/event-loop-delay.ts";
import { waitUntil } from "../log/wait-until.ts";

test("EventLoopDelay notices what kept the thread, tells each reader once, and rests while nobody asks", async () => {
  const delay = new EventLoopDelay();
  const [one, other] = [delay.reader(), delay.reader()];
  await Bun.sleep(60);
  expect(delay.histogram.report().count).toBe(0);
  expect(one()).toEqual({ mean: 0, max: 0 });
  await waitUntil("a tick", () => delay.histogram.report().count > 0);
  const until = performance.now() + 150;
  while (performance.now() < until);
  const before = delay.histogram.report().count;
  await waitUntil("another tick", () => delay.histogram.report().count > before);
  for (const read of [one, other]) {
    const { mean, max } = read();
    expect(max).toBeWithin(120, 5000);
    expect(mean).toBeWithin(1, max);
    expect(read().max).toBeLessThan(120);
  }
  delay.stop();
  const after = delay.histogram.report().count;
  await Bun.sleep(60);
  expect(delay.histogram.report().count).toBe(after);
});
