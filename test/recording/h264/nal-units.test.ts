import { expect, test } from "bun:test";
import fc from "fast-check";
import { listNalUnits } from "../../../src/recording/h264/nal-units.ts";
import { withLengths } from "./encode-h264.ts";

const nalUnits = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 6 });

test("listNalUnits finds every NAL unit where it was put", () => {
  fc.assert(
    fc.property(nalUnits, (units) => {
      const chunk = withLengths(units);
      const found = listNalUnits(chunk);
      expect(found.map(({ start, end }) => [...chunk.subarray(start, end)])).toEqual(units.map((unit) => [...unit]));
      expect(found.map(({ type }) => type)).toEqual(units.map(([header = 0]) => header & 0x1f));
    }),
  );
});

test("listNalUnits refuses a chunk that was cut off anywhere but between NAL units", () => {
  fc.assert(
    fc.property(nalUnits, fc.nat(), (units, cut) => {
      const chunk = withLengths(units);
      const boundaries = [0, ...listNalUnits(chunk).map(({ end }) => end)];
      const length = cut % (chunk.byteLength + 1);
      if (boundaries.includes(length)) return;
      expect(() => listNalUnits(chunk.subarray(0, length))).toThrow("H.264 chunk is broken");
    }),
  );
});

test("listNalUnits refuses a NAL unit of no bytes", () => {
  expect(() => listNalUnits(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1, 0x65))).toThrow("a NAL unit of 0 bytes");
});
