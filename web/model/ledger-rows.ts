import type { LedgerReport } from "../../src/pipeline/frame-ledger.ts";

/** One line of the ledger; a count is null where that column has no ledger. */
export interface LedgerRow {
  readonly label: string;
  /** A sum, a part of it, a part of a part, or something counted beside. */
  readonly role: "sum" | "part" | "reason" | "beside";
  readonly recording: number | null;
  readonly totals: number | null;
  /** Whether a count above 0 is a fault, or a hint at one. */
  readonly alarm: "fault" | "hint" | "none";
}

type Ledgers = readonly [recording: LedgerReport | undefined, totals: LedgerReport | undefined];

/** captured = recorded + skipped + dropped, by reason, + on their way; sensor gaps beside. */
export function ledgerRows(...ledgers: Ledgers): LedgerRow[] {
  const row = (label: string, role: LedgerRow["role"], alarm: LedgerRow["alarm"], count: Counter): LedgerRow => {
    const [recording = null, totals = null] = ledgers.map((ledger) => (ledger === undefined ? null : count(ledger)));
    return { label, role, alarm, recording, totals };
  };
  const reasons = new Set(ledgers.flatMap((ledger) => Object.keys(ledger?.dropped ?? {})));
  return [
    row("captured", "sum", "none", ({ captured }) => captured),
    row("recorded", "part", "none", ({ recorded }) => recorded),
    row("skipped by rate gate", "part", "none", ({ skipped_by_rate_gate: skipped }) => skipped),
    row("dropped", "part", "fault", droppedFrames),
    ...[...reasons].sort().map((reason) => row(reason, "reason", "fault", ({ dropped }) => dropped[reason] ?? 0)),
    row("on their way", "part", "none", framesOnTheirWay),
    row("gaps of the sensor", "beside", "hint", ({ sensor_gaps: { gaps } }) => gaps),
    row("frames missing in them", "beside", "hint", ({ sensor_gaps: { missing_frames: missing } }) => missing),
  ];
}

type Counter = (ledger: LedgerReport) => number;

/** Of all reasons. */
export function droppedFrames({ dropped }: LedgerReport): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0);
}

/** Captured, and it is not decided yet where they go. */
function framesOnTheirWay(ledger: LedgerReport): number {
  return ledger.captured - ledger.recorded - ledger.skipped_by_rate_gate - droppedFrames(ledger);
}
