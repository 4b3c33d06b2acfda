import type { LedgerReport } from "../pipeline/frame-ledger.ts";

export const EMPTY_LEDGER: LedgerReport = {
  captured: 0,
  recorded: 0,
  skipped_by_rate_gate: 0,
  dropped: {},
  sensor_gaps: { gaps: 0, missing_frames: 0 },
};

export function addLedgers(one: LedgerReport, other: LedgerReport): LedgerReport {
  const dropped = { ...one.dropped };
  for (const [reason, frames] of Object.entries(other.dropped)) dropped[reason] = (dropped[reason] ?? 0) + frames;
  return {
    captured: one.captured + other.captured,
    recorded: one.recorded + other.recorded,
    skipped_by_rate_gate: one.skipped_by_rate_gate + other.skipped_by_rate_gate,
    dropped,
    sensor_gaps: {
      gaps: one.sensor_gaps.gaps + other.sensor_gaps.gaps,
      missing_frames: one.sensor_gaps.missing_frames + other.sensor_gaps.missing_frames,
    },
  };
}
