import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { drawFrameNumber } from "../../src/capture/frame-number-code.ts";
import { readFrameNumber } from "../support/read-frame-number.ts";

const STRIDE = 160;
const ROWS = 80;
const luma = (value: number) => new Uint8Array(STRIDE * ROWS).fill(value);

describe("the frame number in a picture", () => {
  test("is read as it was drawn", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 255 }), (number, background) => {
        const picture = luma(background);
        drawFrameNumber(picture, STRIDE, number);
        expect(readFrameNumber(picture, STRIDE)).toBe(number);
      }),
    );
  });

  test("survives noise up to 80 levels either way", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.infiniteStream(fc.integer({ min: -80, max: 80 })),
        (number, noise) => {
          const picture = luma(0);
          drawFrameNumber(picture, STRIDE, number);
          for (let index = 0; index < picture.length; index++) {
            picture[index] = Math.max(0, Math.min(255, (picture[index] ?? 0) + Number(noise.next().value)));
          }
          expect(readFrameNumber(picture, STRIDE)).toBe(number);
        },
      ),
      { numRuns: 5 },
    );
  });

  test("keeps to its corner", () => {
    const picture = luma(77);
    drawFrameNumber(picture, STRIDE, 0xffff_ffff);
    for (let y = 0; y < ROWS; y++) expect(picture[y * STRIDE + 128]).toBe(77);
  });

  test("is not seen where there is none: black, white or grey", () => {
    for (const value of [0, 16, 127, 128, 235, 255]) expect(readFrameNumber(luma(value), STRIDE)).toBeUndefined();
  });
});
