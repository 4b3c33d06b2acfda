import { expect } from "bun:test";

/** Far above what any input takes, far below what grows with its square. */
const BASE_MS = 1000;
const BYTES_PER_MS = 500;
const GROWTH_BYTES_MAX = 400e6;

const startBytes = process.memoryUsage.rss();

/** Runs `act` on so many bytes of input: what it costs in processor time and in memory has to be within their length. */
export async function atBoundedCost<Result>(byteCount: number, act: () => Result | Promise<Result>): Promise<Result> {
  const before = process.cpuUsage();
  const result = await act();
  const { user, system } = process.cpuUsage(before);
  // All threads count, the collector's and the compiler's too: one input costs milliseconds.
  expect((user + system) / 1000).toBeLessThan(BASE_MS + byteCount / BYTES_PER_MS);
  expect(process.memoryUsage.rss() - startBytes).toBeLessThan(GROWTH_BYTES_MAX);
  return result;
}
