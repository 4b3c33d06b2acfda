/** A frame that was not recorded though it should have been. */
export interface FrameDrop {
  /** When the frame reached us, or when it was missed: CLOCK_REALTIME and CLOCK_MONOTONIC, ns. */
  readonly realtimeNs: bigint;
  readonly monotonicNs: bigint;
  readonly reason: string;
  /** The source's number; null where it does not say which frame it lost. */
  readonly frameNumber: number | null;
}

/** One line, without its `\n`, of `frame_drops.jsonl` or a recording's `_drops.jsonl`. */
export function formatFrameDrop({ realtimeNs, monotonicNs, reason, frameNumber }: FrameDrop): string {
  const ts = new Date(Number(realtimeNs / 1_000_000n)).toISOString();
  // JSON.stringify knows no bigint, and a number would round it.
  return `{"ts":"${ts}","mono_ns":${monotonicNs},"reason":${JSON.stringify(reason)},"frame_num":${frameNumber}}`;
}
