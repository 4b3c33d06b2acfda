import { expect, test } from "bun:test";
import fc from "fast-check";
import { previewSize } from "../../src/preview/preview-size.ts";

test("previews of the sizes that are documented", () => {
  expect(previewSize({ width: 1456, height: 1088 }, 1 / 4)).toEqual({ width: 364, height: 272 });
  expect(previewSize({ width: 1456, height: 1088 }, 1)).toEqual({ width: 1456, height: 1088 });
  expect(previewSize({ width: 641, height: 481 }, 1)).toEqual({ width: 640, height: 480 });
  expect(previewSize({ width: 160, height: 96 }, 1 / 100)).toEqual({ width: 16, height: 16 });
});

test("any preview has even sides of at least 16, and is no larger than its picture", () => {
  const side = fc.integer({ min: 16, max: 16_384 });
  const scale = fc.double({ min: 0, minExcluded: true, max: 1, noNaN: true });
  fc.assert(
    fc.property(side, side, scale, (width, height, part) => {
      const size = previewSize({ width, height }, part);
      for (const [got, whole] of [
        [size.width, width],
        [size.height, height],
      ] as const) {
        expect(got % 2).toBe(0);
        expect(got).toBeWithin(16, whole + 1);
        expect(got).toBeLessThanOrEqual(Math.max(16, whole * part));
      }
    }),
  );
});
