import { expect, test } from "bun:test";
import fc from "fast-check";
import { byteCountOf, piecesAfter, piecesOf } from "../../src/recording/pieces.ts";

test("what is left of pieces is what is left of their bytes, wherever they are cut", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 9 }), fc.nat(100), (pieces, count) => {
      const whole = Buffer.concat(pieces);
      const left = piecesAfter(pieces, Math.min(count, whole.length));
      expect(Buffer.concat(left)).toEqual(whole.subarray(Math.min(count, whole.length)));
      expect(left.every(({ byteLength }) => byteLength > 0)).toBe(true);
      expect(byteCountOf(pieces)).toBe(whole.length);
    }),
  );
});

test("bytes in one place are one piece", () => {
  const bytes = Uint8Array.of(1, 2);
  expect(piecesOf(bytes)).toEqual([bytes]);
  expect(byteCountOf(bytes)).toBe(2);
});
