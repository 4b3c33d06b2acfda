import { expect } from "bun:test";

/** Each component within `tolerance` of the expected one: codecs round. */
export function expectNear(got: readonly number[], expected: readonly number[], tolerance: number): void {
  got.forEach((value, i) => {
    const wanted = expected[i] ?? Number.NaN;
    expect(Math.abs(value - wanted), `component ${i}: got ${got}, expected ${expected}`).toBeLessThanOrEqual(tolerance);
  });
}
