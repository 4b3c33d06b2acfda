import { FRAME_NUMBER_CODE, frameNumberCheck } from "../../src/capture/frame-number-code.ts";

/** Reads the number that a synthetic picture carries from its luma; undefined where its check does not hold. `stride`: bytes from row to row. */
export function readFrameNumber(luma: Uint8Array, stride: number): number | undefined {
  const { cellPixels, columns, rows } = FRAME_NUMBER_CODE;
  const bytes = Array.from({ length: rows }, (_, row) => {
    let byte = 0;
    for (let column = 0; column < columns; column++) {
      const x = column * cellPixels + cellPixels / 2;
      const y = row * cellPixels + cellPixels / 2;
      byte = (byte << 1) | ((luma[y * stride + x] ?? 0) >= 128 ? 1 : 0);
    }
    return byte;
  });
  const number = bytes.slice(0, 4);
  if (bytes[4] !== frameNumberCheck(number)) return undefined;
  return number.reduce((value, byte) => value * 256 + byte, 0);
}
