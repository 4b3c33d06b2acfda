import { expect, test } from "bun:test";
import { grownPercent } from "./grown-percent.ts";

const looks = (residentAt: (look: number) => number) => Array.from({ length: 81 }, (_, look) => residentAt(look));

test("memory that grows evenly from 100 to 200 is a good quarter larger at the end than half way", () => {
  expect(grownPercent(looks((look) => 100 + (100 * look) / 80))).toBeCloseTo(27.6, 0);
});

test("neither how it began nor a single look at a wrong moment counts", () => {
  expect(grownPercent(looks((look) => (look < 20 ? 50 : 120)))).toBe(0);
  expect(grownPercent(looks((look) => (look === 80 || look === 40 ? 150 : 120)))).toBe(0);
});

test("memory that is let go of has grown by less than nothing", () => {
  expect(grownPercent(looks((look) => (look > 60 ? 90 : 120)))).toBe(-25);
});
