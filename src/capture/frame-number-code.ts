/**
 * A frame number written into the luma of a picture so that it survives lossy coding: 40 square cells of 16 pixels,
 * 8 across and 5 down, from the top left corner. Row by row, most significant bit first: 32 bits of the number, then
 * an 8-bit check. A white cell (235) is 1, a black one (16) is 0.
 */
export const FRAME_NUMBER_CODE = { cellPixels: 16, columns: 8, rows: 5 } as const;

const WHITE = 235;
const BLACK = 16;

/** Draws `frameNumber` (0 to 2^32 − 1) into a luma plane of at least 128 × 80 pixels. `stride`: bytes from row to row. */
export function drawFrameNumber(luma: Uint8Array, stride: number, frameNumber: number): void {
  const { cellPixels, columns, rows } = FRAME_NUMBER_CODE;
  const bytes = [24, 16, 8, 0].map((shift) => (frameNumber >>> shift) & 0xff);
  bytes.push(frameNumberCheck(bytes));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const bit = ((bytes[row] ?? 0) >> (columns - 1 - column)) & 1;
      const left = column * cellPixels;
      for (let y = row * cellPixels; y < (row + 1) * cellPixels; y++) {
        luma.fill(bit === 1 ? WHITE : BLACK, y * stride + left, y * stride + left + cellPixels);
      }
    }
  }
}

/** The check over the number's four bytes: their sum, inverted, so that an all-black corner is no number. */
export function frameNumberCheck(bytes: readonly number[]): number {
  return ~bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;
}
