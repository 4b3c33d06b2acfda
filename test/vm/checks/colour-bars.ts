/**
 * vimc's test pattern: 75 % colour bars, eight of equal width (kernel: v4l2-tpg-core.c, TPG_PAT_75_COLORBAR). vimc
 * delivers RGB in which these values are exact.
 */
const BARS: readonly (readonly [name: string, red: number, green: number, blue: number])[] = [
  ["white", 191, 191, 191],
  ["yellow", 191, 191, 0],
  ["cyan", 0, 191, 191],
  ["green", 0, 191, 0],
  ["magenta", 191, 0, 191],
  ["red", 191, 0, 0],
  ["blue", 0, 0, 191],
  ["black", 0, 0, 0],
];

/**
 * What conversion to YCbCr, encoding and back may cost a large even area; 1 is usual. Wrong handling costs more: with the
 * wrong matrix green is off by 30, with the wrong range black and white by 11 to 16.
 */
const TOLERANCE = 4;

/** The text that vimc writes over the picture ends above this part of the height. */
const BELOW_TEXT = 5 / 6;
const PATCH_PIXELS = 9;

/** `rgb`: one frame, 3 bytes a pixel, no padding. */
export function colourBarProblems(rgb: Uint8Array, width: number, height: number): string[] {
  return BARS.flatMap(([name, ...expected], bar) => {
    const x = Math.round(((bar + 0.5) * width) / BARS.length);
    const got = patchMean(rgb, width, x, Math.round(height * BELOW_TEXT));
    const isNear = expected.every((value, channel) => Math.abs(value - (got[channel] ?? Number.NaN)) <= TOLERANCE);
    return isNear ? [] : [`${name} is ${got.map(Math.round).join(" ")}, expected ${expected.join(" ")} ± ${TOLERANCE}`];
  });
}

function patchMean(rgb: Uint8Array, width: number, xCentre: number, yCentre: number): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  const reach = (PATCH_PIXELS - 1) / 2;
  for (let y = yCentre - reach; y <= yCentre + reach; y++) {
    for (let x = xCentre - reach; x <= xCentre + reach; x++) {
      const pixel = (y * width + x) * 3;
      sum[0] += rgb[pixel] ?? Number.NaN;
      sum[1] += rgb[pixel + 1] ?? Number.NaN;
      sum[2] += rgb[pixel + 2] ?? Number.NaN;
    }
  }
  const count = PATCH_PIXELS ** 2;
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}
