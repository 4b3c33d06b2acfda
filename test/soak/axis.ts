/** Where on an axis numbers stand, in values. */
export interface Axis {
  readonly least: number;
  readonly most: number;
  readonly ticks: readonly number[];
  /** 0 at its beginning, 1 at its end. */
  readonly place: (value: number) => number;
}

const TICKS = 5;

/** From 0 to the next round number from `most` on. */
export function linearAxis(most: number): Axis {
  const step = roundStep(Math.max(most, Number.MIN_VALUE) / TICKS);
  const count = Math.max(1, Math.ceil(most / step));
  const ticks = Array.from({ length: count + 1 }, (_, index) => roundOff(index * step));
  const end = ticks.at(-1) ?? step;
  return { least: 0, most: end, ticks, place: (value) => value / end };
}

/** Exactly to `most`, whatever number that is. */
export function timeAxis(most: number): Axis {
  const { ticks } = linearAxis(most);
  return { least: 0, most, ticks: ticks.filter((tick) => tick <= most), place: (value) => value / most };
}

/** In powers of ten; what lies below `least` stands at it. */
export function logarithmicAxis(least: number, most: number): Axis {
  const [from, to] = [
    Math.floor(Math.log10(least)),
    Math.max(Math.floor(Math.log10(least)) + 1, Math.ceil(Math.log10(most))),
  ];
  const ticks = Array.from({ length: to - from + 1 }, (_, index) => roundOff(10 ** (from + index)));
  const place = (value: number): number => (Math.log10(Math.max(value, 10 ** from)) - from) / (to - from);
  return { least: 10 ** from, most: 10 ** to, ticks, place };
}

/** 1, 2 or 5 times a power of ten, not less than `step`. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 5].find((round) => round * power >= step * (1 - 1e-9)) ?? 10;
  return factor * power;
}

function roundOff(value: number): number {
  return Number(value.toPrecision(12));
}
