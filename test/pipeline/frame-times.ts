/** When a source's frames are due, ns. `jitter`: up to how much either way, as a part of the interval. */
export function frameTimes(
  rate: number,
  count: number,
  {
    jitter = 0,
    seed = 1,
    startNs = 1_234_567_890_123_456_789n,
  }: { jitter?: number; seed?: number; startNs?: bigint } = {},
): bigint[] {
  const intervalNs = 1e9 / rate;
  const random = randomNumbers(seed);
  return Array.from({ length: count }, (_, index) => {
    const offset = (2 * random() - 1) * jitter;
    return startNs + BigInt(Math.round((index + offset) * intervalNs));
  });
}

/** What the estimator looks at in a frame of a source that reports no durations. */
export function frameAt(sensorTimestampNs: bigint, frameNumber: number) {
  return { sensorTimestampNs, frameNumber, frameDurationNs: 0 };
}

/** Repeatable numbers from 0 to 1 (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
