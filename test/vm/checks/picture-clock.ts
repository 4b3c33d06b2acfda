/**
 * Reads the clock that vimc writes into each picture, "00:00:01:501": the time since its stream started, ms. It tells
 * which picture a frame really is, whatever the files around it say.
 */
export interface PictureClock {
  readonly timeMs: number;
  /** How well the worst digit fits its glyph, 0..1. */
  readonly likeness: number;
}

/**
 * vimc draws the text on the sensor's picture: fourth line of 16 rows, 16 pixels from the left (kernel: vimc-sensor.c,
 * vimc_sensor_process_frame).
 */
const TEXT_X = 16;
const TEXT_Y = 4 * 16;
const GLYPH_WIDTH = 8;
const GLYPH_HEIGHT = 16;
/** Places of the digits in the text, and what each is worth in ms. */
const DIGITS: readonly (readonly [column: number, worthMs: number])[] = [
  [0, 36_000_000],
  [1, 3_600_000],
  [3, 600_000],
  [4, 60_000],
  [6, 10_000],
  [7, 1000],
  [9, 100],
  [10, 10],
  [11, 1],
];

/** Rows 2 to 11 of the kernel's 8x16 font (lib/fonts/font_8x16.c), whose other rows are empty in digits. */
const GLYPHS = [
  "386cc6c6d6d6c6c66c38",
  "1838781818181818187e",
  "7cc6060c183060c0c6fe",
  "7cc606063c060606c67c",
  "0c1c3c6cccfe0c0c0c1e",
  "fec0c0c0fc060606c67c",
  "3860c0c0fcc6c6c6c67c",
  "fec606060c1830303030",
  "7cc6c6c67cc6c6c6c67c",
  "7cc6c6c67e0606060c78",
].map((rows) => normalised(blurred(Buffer.from(`0000${rows}00000000`, "hex"))));

/** `rgb`: one frame, 3 bytes a pixel, no padding, `width` pixels wide, `scale` times as large as the sensor's. */
export function readPictureClock(rgb: Uint8Array, width: number, scale: number): PictureClock {
  let timeMs = 0;
  let likeness = 1;
  for (const [column, worthMs] of DIGITS) {
    const seen = normalised(sampled(rgb, width, scale, column));
    const scores = GLYPHS.map((glyph) => glyph.reduce((sum, value, index) => sum + value * (seen[index] ?? 0), 0));
    const best = Math.max(...scores);
    timeMs += scores.indexOf(best) * worthMs;
    likeness = Math.min(likeness, best);
  }
  return { timeMs, likeness };
}

/** Brightness in the middle of each of the character's sensor pixels. */
function sampled(rgb: Uint8Array, width: number, scale: number, column: number): number[] {
  return Array.from({ length: GLYPH_WIDTH * GLYPH_HEIGHT }, (_, index) => {
    const middle = Math.floor(scale / 2);
    const x = (TEXT_X + column * GLYPH_WIDTH + (index % GLYPH_WIDTH)) * scale + middle;
    const y = (TEXT_Y + Math.floor(index / GLYPH_WIDTH)) * scale + middle;
    const pixel = (y * width + x) * 3;
    return (rgb[pixel] ?? 0) + (rgb[pixel + 1] ?? 0) + (rgb[pixel + 2] ?? 0);
  });
}

/** The glyph as vimc's debayering shows it: each pixel is the mean of its 3x3 neighbourhood. */
function blurred(glyph: Uint8Array): number[] {
  const bit = (x: number, y: number): number => (x < 0 || x > 7 ? 0 : ((glyph[y] ?? 0) >> (7 - x)) & 1);
  return Array.from({ length: GLYPH_WIDTH * GLYPH_HEIGHT }, (_, index) => {
    const x = index % GLYPH_WIDTH;
    const y = Math.floor(index / GLYPH_WIDTH);
    let sum = 0;
    for (const dy of [-1, 0, 1]) for (const dx of [-1, 0, 1]) sum += bit(x + dx, y + dy);
    return sum / 9;
  });
}

/** Mean 0, length 1: what remains is the shape, whatever the contrast. */
function normalised(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const length = Math.hypot(...values.map((value) => value - mean));
  return values.map((value) => (value - mean) / (length || 1));
}
