/** x and y. */
export type Point = readonly [number, number];

export interface RobustFit {
  /** y per x. */
  readonly slope: number;
  /** Where the line is at the first and the last point. */
  readonly from: number;
  readonly to: number;
  /** Half of all points lie no further from the line. */
  readonly spread: number;
}

/** Of more points only every second, third … is taken: all pairs are compared. */
const POINTS_MAX = 1000;

/**
 * The line through most points (Theil and Sen: the median of the slopes of all pairs): up to a quarter of the points may lie
 * anywhere. undefined where no two have different x.
 */
export function robustFit(points: readonly Point[]): RobustFit | undefined {
  const every = Math.ceil(points.length / POINTS_MAX);
  const some = points.filter((_, index) => index % every === 0);
  const slopes: number[] = [];
  for (const [index, [x, y]] of some.entries()) {
    for (const [laterX, laterY] of some.slice(index + 1)) if (laterX !== x) slopes.push((laterY - y) / (laterX - x));
  }
  const slope = median(slopes);
  const offset = median(points.map(([x, y]) => y - (slope ?? 0) * x));
  const [first, last] = [points[0], points.at(-1)];
  if (slope === undefined || offset === undefined || first === undefined || last === undefined) return undefined;
  const at = (x: number): number => offset + slope * x;
  const spread = median(points.map(([x, y]) => Math.abs(y - at(x)))) ?? 0;
  return { slope, from: at(first[0]), to: at(last[0]), spread };
}

/** undefined where there are none. */
function median(values: readonly number[]): number | undefined {
  const sorted = Float64Array.from(values).sort();
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
