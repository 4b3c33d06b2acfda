/** Peak signal-to-noise ratio of two planes of 8-bit samples, dB; infinite where they are the same. */
export function psnr(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length || a.length === 0) throw new Error(`planes of ${a.length} and ${b.length} samples`);
  let squares = 0;
  for (let index = 0; index < a.length; index++) squares += ((a[index] ?? 0) - (b[index] ?? 0)) ** 2;
  return 10 * Math.log10((255 ** 2 * a.length) / squares);
}
