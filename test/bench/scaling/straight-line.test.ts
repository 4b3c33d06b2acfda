import { expect, test } from "bun:test";
import { straightLine } from "./straight-line.ts";

const amounts = (...values: readonly number[]) => values.map((amount, index) => ({ at: 10 ** index, amount }));

test("points on a line give the line, and no deviation", () => {
  const line = straightLine([5, 15, 30, 120].map((at) => ({ at, amount: 7 + 3 * at })));
  expect(line.slope).toBeCloseTo(3);
  expect(line.atZero).toBeCloseTo(7);
  expect(line.deviation).toBeCloseTo(0);
  expect(line.rSquared).toBeCloseTo(1);
});

test("a small point that is off the line is found beside large ones", () => {
  const [straight, bent] = [straightLine(amounts(2, 20, 200, 2000)), straightLine(amounts(2, 30, 200, 2000))];
  expect(straight.deviation).toBeCloseTo(0);
  expect(bent.deviation).toBeGreaterThan(0.1);
  expect(bent.rSquared).toBeLessThan(0.99);
});

test("what grows with the square is no line", () => {
  expect(straightLine([1, 2, 3, 4, 5].map((at) => ({ at, amount: at ** 2 }))).deviation).toBeGreaterThan(0.2);
});

test("two points say nothing of how straight a line is", () => {
  expect(() => straightLine(amounts(1, 2))).toThrow("2 points");
});
