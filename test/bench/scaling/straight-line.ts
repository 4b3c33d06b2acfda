/** Of one measurement: how much of something, at what. */
export interface Point {
  readonly at: number;
  readonly amount: number;
}

export interface StraightLine {
  readonly slope: number;
  readonly atZero: number;
  /** Of the point that is farthest from the line: how far, as a part of the line's value there. */
  readonly deviation: number;
  /** 1: all points are on the line. */
  readonly rSquared: number;
}

/**
 * The line through some points of which each counts alike, however small: what is least is the sum of the squares of how far
 * they are from it as a part of what they are. Amounts are above 0.
 */
export function straightLine(points: readonly Point[]): StraightLine {
  if (points.length < 3) throw new Error(`${points.length} points: any line of two is straight`);
  const sum = (term: (point: Point) => number): number => points.reduce((total, point) => total + term(point), 0);
  const weight = ({ amount }: Point): number => 1 / amount ** 2;
  const weights = sum(weight);
  const meanAt = sum((point) => weight(point) * point.at) / weights;
  const meanAmount = sum((point) => weight(point) * point.amount) / weights;
  const varied = sum((point) => weight(point) * (point.at - meanAt) ** 2);
  const slope = sum((point) => weight(point) * (point.at - meanAt) * (point.amount - meanAmount)) / varied;
  const atZero = meanAmount - slope * meanAt;
  const offLine = ({ at, amount }: Point): number => amount - (atZero + slope * at);
  const unexplained = sum((point) => weight(point) * offLine(point) ** 2);
  const total = sum((point) => weight(point) * (point.amount - meanAmount) ** 2);
  return {
    slope,
    atZero,
    deviation: Math.max(...points.map((point) => Math.abs(offLine(point) / (point.amount - offLine(point))))),
    rSquared: 1 - unexplained / total,
  };
}
