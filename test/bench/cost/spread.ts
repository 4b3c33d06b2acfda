/** Several measurements of one thing. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly count: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [least] = sorted;
  const most = sorted.at(-1);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (least === undefined || most === undefined || low === undefined || high === undefined) {
    throw new Error("no values, expected one at least");
  }
  return { median: (low + high) / 2, least, most, count: sorted.length };
}

/** From the least to the most, as a part of the median. */
export function relativeWidth({ median, least, most }: Spread): number {
  return (most - least) / median;
}

/** Of two columns measured in the same rounds: each round's own, so that what slowed a round slows both. */
export function combined(
  first: readonly number[],
  second: readonly number[],
  combine: (first: number, second: number) => number,
): number[] {
  if (first.length !== second.length) throw new Error(`${first.length} rounds of one, ${second.length} of the other`);
  return first.map((value, round) => combine(value, second[round] ?? Number.NaN));
}
