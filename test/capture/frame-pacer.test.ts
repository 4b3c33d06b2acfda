import { expect, test } from "bun:test";
import { FramePacer, LATE_MS_MAX } from "../../src/capture/frame-pacer.ts";

const INTERVAL_MS = 10;
const LATE_FRAMES_MAX = LATE_MS_MAX / INTERVAL_MS;

interface Paced {
  readonly indices: number[];
  readonly dueNs: bigint[];
  /** Most calls with nothing else between them. */
  atOnce: number;
  /** How often there was something else between them. */
  bursts: number;
}

/** Paces until `count` calls, of which the first keeps the event loop busy for so long. */
async function paced(intervalMs: number, busyMs: number, count: number): Promise<Paced> {
  const seen: Paced = { indices: [], dueNs: [], atOnce: 0, bursts: 0 };
  const done = Promise.withResolvers<void>();
  let inARow = 0;
  const pacer = new FramePacer(intervalMs * 1e6, (index, dueNs) => {
    seen.indices.push(index);
    seen.dueNs.push(dueNs);
    seen.atOnce = Math.max(seen.atOnce, ++inARow);
    if (inARow === 1) seen.bursts++;
    queueMicrotask(() => {
      inARow = 0;
    });
    if (seen.indices.length === 1) Bun.sleepSync(busyMs);
    if (seen.indices.length >= count) done.resolve();
  });
  pacer.start();
  await done.promise;
  pacer.stop();
  return seen;
}

test("frames that are late come at twice the rate, and none is lost", async () => {
  const { indices, dueNs, atOnce } = await paced(INTERVAL_MS, 20 * INTERVAL_MS, 30);
  expect(indices.slice(0, 30)).toEqual(Array.from({ length: 30 }, (_, index) => index));
  expect(dueNs.every((due, at) => due === (dueNs[0] ?? 0n) + BigInt(at * INTERVAL_MS) * 1_000_000n)).toBe(true);
  expect(atOnce).toBe(2);
});

test("frames that are more than two seconds late are lost; the others keep their numbers and times", async () => {
  const { indices, dueNs } = await paced(INTERVAL_MS, 240 * INTERVAL_MS, 10);
  const jump = indices.findIndex((index, at) => index !== at);
  const after = indices[jump] ?? 0;
  expect(after).toBeGreaterThanOrEqual(240 - LATE_FRAMES_MAX);
  expect(indices.slice(jump)).toEqual(indices.slice(jump).map((_, at) => after + at));
  expect(dueNs[jump]).toBe((dueNs[0] ?? 0n) + BigInt(after * INTERVAL_MS) * 1_000_000n);
});

test("a rate that is faster than timers are is kept up with", async () => {
  const { indices, bursts } = await paced(0.25, 0, 2000);
  // Timers are a millisecond apart at least: twice in each would take a thousand of them.
  expect(indices.length).toBeGreaterThanOrEqual(2000);
  expect(bursts).toBeLessThan(800);
});
