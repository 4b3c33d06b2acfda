/**
 * How much the tests in this folder do: a few of each in every `bun test`, many in `npm run test:long`, which sets
 * `CSI_TEST_LONG`. Nothing else tells the two apart.
 */
const isLong = process.env["CSI_TEST_LONG"] === "1";

/** How many of something. */
export function howMany({ few, many }: { few: number; many: number }): number {
  return isLong ? many : few;
}

const FUZZ_MS = howMany({ few: 1500, many: 120_000 });

/** For fast-check: as many runs as there is time for. It prints the seed of what fails. */
export const AS_LONG_AS_IT_MAY = {
  numRuns: 100_000_000,
  interruptAfterTimeLimit: FUZZ_MS,
  markInterruptAsFailure: false,
} as const;

/** A fuzz test's time limit: room for the run under way, for shrinking what fails, and for a busy machine. */
export const FUZZ_TIMEOUT_MS = 4 * FUZZ_MS + 60_000;
