/** What to tell of a wall clock that somebody set by so much, ns. */
export function clockStepMessage(stepNs: bigint): string {
  const step = `${stepNs > 0n ? "ahead" : "back"} by ${Math.abs(Number(stepNs) / 1e9).toFixed(3)} s`;
  return `the wall clock was set ${step}: record_time_unix jumps with it, the video's times do not`;
}
