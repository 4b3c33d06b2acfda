const FIRST_MS = 500;
const LONGEST_MS = 8000;

/**
 * How long to wait before the next attempt, ms: 0.5, 1, 2, 4, 8, 8 … s, up to a fifth shorter by chance (`random`: 0 to
 * 1), so that many viewers do not come back at the same moment. `failures`: attempts in vain since the last success.
 */
export function reconnectDelayMs(failures: number, random = Math.random()): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** failures) * (1 - random / 5);
}
