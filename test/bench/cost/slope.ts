/** Of one run: how much of something it took for so many frames. */
export interface Point {
  readonly frames: number;
  readonly amount: number;
}

export interface Line {
  readonly perFrame: number;
  /** What it takes without a frame: starting and stopping. */
  readonly atStart: number;
}

/** The line through a short and a long run. */
export function lineThrough(short: Point, long: Point): Line {
  if (long.frames <= short.frames)
    throw new Error(`a long run of ${long.frames}, a short one of ${short.frames} frames`);
  const perFrame = (long.amount - short.amount) / (long.frames - short.frames);
  return { perFrame, atStart: short.amount - perFrame * short.frames };
}
