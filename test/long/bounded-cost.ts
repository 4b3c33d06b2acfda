import { expect } from "bun:test";

/** Far above what any input takes, far below what grows with its square. */
const BASE_MS = 1000;
const BYTES_PER_MS = 500;
/** Garbage of the one input, and whatever else the runtime takes at that moment. */
const GROWTH_BYTES_MAX = 250e6;

/** Runs `act` on so many bytes of input: what it costs in processor time and in memory has to be within their length. */
export async function atBoundedCost<Result>(byteCount: number, act: () => Result | Promise<Result>): Promise<Result> {
  const [before, beforeBytes] = [process.cpuUsage(), process.memoryUsage.rss()];
  const result = await act();
  const { user, system } = process.cpuUsage(before);
  // All threads count, the collector's and the compiler's too: one input costs milliseconds.
  expect((user + system) / 1000).toBeLessThan(BASE_MS + byteCount / BYTES_PER_MS);
  expect(process.memoryUsage.rss() - beforeBytes).toBeLessThan(GROWTH_BYTES_MAX);
  return result;
}
