/** What a stream asks of its decoder. */
interface H264Load {
  /** Visible pixels; coded in whole macroblocks of 16 × 16. */
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly bitsPerSecond: number;
  /** The High profile may have 1.25 times the bit rate of a level (cpbBrVclFactor, table A-2). */
  readonly profile: "baseline" | "main" | "high";
}

interface LevelLimits {
  readonly levelIdc: number;
  /** MaxMBPS: macroblocks per second. */
  readonly macroblocksPerSecondMax: number;
  /** MaxFS: macroblocks per frame. */
  readonly macroblocksMax: number;
  /** MaxBR for Baseline and Main: units of 1000 bits per second. */
  readonly kilobitsPerSecondMax: number;
}

/** ITU-T H.264, table A-1, progressive frames. Level 1b is left out: it needs a constraint flag as well. */
const LEVELS: readonly LevelLimits[] = (
  [
    [10, 1_485, 99, 64],
    [11, 3_000, 396, 192],
    [12, 6_000, 396, 384],
    [13, 11_880, 396, 768],
    [20, 11_880, 396, 2_000],
    [21, 19_800, 792, 4_000],
    [22, 20_250, 1_620, 4_000],
    [30, 40_500, 1_620, 10_000],
    [31, 108_000, 3_600, 14_000],
    [32, 216_000, 5_120, 20_000],
    [40, 245_760, 8_192, 20_000],
    [41, 245_760, 8_192, 50_000],
    [42, 522_240, 8_704, 50_000],
    [50, 589_824, 22_080, 135_000],
    [51, 983_040, 36_864, 240_000],
    [52, 2_073_600, 36_864, 240_000],
    [60, 4_177_920, 139_264, 240_000],
    [61, 8_355_840, 139_264, 480_000],
    [62, 16_711_680, 139_264, 800_000],
  ] as const
).map(([levelIdc, macroblocksPerSecondMax, macroblocksMax, kilobitsPerSecondMax]) => ({
  levelIdc,
  macroblocksPerSecondMax,
  macroblocksMax,
  kilobitsPerSecondMax,
}));

/** The lowest `level_idc` (42 = level 4.2) that allows the load, or undefined when no level does. */
export function lowestH264Level(load: H264Load): number | undefined {
  const columns = Math.ceil(load.width / 16);
  const rows = Math.ceil(load.height / 16);
  const kilobitsPerSecond = load.bitsPerSecond / (load.profile === "high" ? 1250 : 1000);
  const level = LEVELS.find(
    (limits) =>
      columns * rows <= limits.macroblocksMax &&
      // A.3.1: neither side may be longer than Sqrt(MaxFS * 8) macroblocks.
      Math.max(columns, rows) ** 2 <= limits.macroblocksMax * 8 &&
      columns * rows * load.framesPerSecond <= limits.macroblocksPerSecondMax &&
      kilobitsPerSecond <= limits.kilobitsPerSecondMax,
  );
  return level?.levelIdc;
}
