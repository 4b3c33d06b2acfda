import { quote } from "../errors.ts";
import type { RecordingMetadata } from "../recording/metadata/recording-metadata.ts";
import type { DropLines } from "./drop-lines.ts";
import type { Problems } from "./problems.ts";

type End = NonNullable<RecordingMetadata["end"]>;

/** What there is of a recording that has ended. */
interface Recorded {
  readonly samples: number;
  readonly rows: number;
  readonly drops: DropLines | undefined;
}

/** Checks the ledger of a recording that has ended: that it balances, and that video, rows and list of drops say the same. */
export function checkLedger(end: End, dropsName: string | null, recorded: Recorded, problems: Problems): void {
  const { ledger } = end;
  const dropped = sum(Object.values(ledger.dropped));
  const accountedFor = ledger.recorded + ledger.skipped_by_rate_gate + dropped;
  if (accountedFor !== ledger.captured) {
    const parts = `${ledger.recorded} recorded, ${ledger.skipped_by_rate_gate} skipped, ${dropped} dropped`;
    problems.add("ledger", `the ledger does not balance: ${ledger.captured} captured, but ${parts}`);
  }
  for (const [what, count] of [
    ["the video has", recorded.samples],
    ["the timing file has", recorded.rows],
  ] as const) {
    if (count !== ledger.recorded)
      problems.add("ledger", `the ledger says ${ledger.recorded} recorded, ${what} ${count}`);
  }
  const { gaps, missing_frames: missing } = ledger.sensor_gaps;
  if (missing < gaps || (gaps === 0 && missing > 0)) {
    problems.add("ledger", `the ledger says ${missing} frames missing in ${gaps} gaps of the sensor`);
  }
  if ((recorded.drops === undefined) !== (dropsName === null)) {
    const said =
      dropsName === null
        ? "no list of drops, but there is one"
        : `the list of drops ${quote(dropsName)}, it is missing`;
    problems.add("drops", `metadata name ${said}`);
  }
  checkDrops(end, recorded.drops, problems);
}

/** Each dropped frame has its line, but for those that are said to have none. */
function checkDrops(
  { ledger, unwritten_drops: unwritten }: End,
  drops: DropLines | undefined,
  problems: Problems,
): void {
  // A reason may be a word that objects know.
  const dropped = new Map(Object.entries(ledger.dropped));
  const lines = drops?.countByReason ?? new Map<string, number>();
  for (const [reason, count] of lines) {
    const expected = dropped.get(reason) ?? 0;
    if (count > expected) problems.add("drops", `${count} lines of drops say ${quote(reason)}, the ledger ${expected}`);
  }
  const missing = [...dropped].map(([reason, count]) => Math.max(0, count - (lines.get(reason) ?? 0)));
  if (sum(missing) === unwritten) return;
  const because = unwritten === 0 ? "" : `, ${unwritten} of them as unwritten`;
  const lineCount = drops === undefined ? "there is no list of drops" : `the list of drops has ${drops.count} lines`;
  problems.add("drops", `the ledger says ${sum([...dropped.values()])} dropped${because}, ${lineCount}`);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
