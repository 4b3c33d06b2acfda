import { join } from "node:path";
import type { Report } from "../../checks/report.ts";
import type { JournalEvent } from "../journal.ts";
import { cycleCount, encoderFolder, multiplanarCycleCount, type OtherCase } from "../plan.ts";
import { checkCycles } from "./cycles.ts";
import { checkDrains } from "./drains.ts";
import { readJournal } from "./journal.ts";
import { checkList } from "./list.ts";
import { checkRefusals } from "./refusals.ts";
import { checkUnbind } from "./unbind.ts";

const checks: Record<OtherCase, (report: Report, events: readonly JournalEvent[], folder: string) => void> = {
  drains: checkDrains,
  cycles: (report, events) => checkCycles(report, "cycles", events, cycleCount),
  "multiplanar-cycles": (report, events) => checkCycles(report, "multiplanar-cycles", events, multiplanarCycleCount),
  unbind: checkUnbind,
  refusals: checkRefusals,
  list: (report, _events, folder) => checkList(report, folder),
};

/** Judges the cases that are more, or less, than one stream. */
export function checkOtherCase(report: Report, share: string, name: OtherCase): void {
  const folder = join(share, encoderFolder, name);
  try {
    checks[name](report, readJournal(folder), folder);
  } catch (thrown) {
    report.check(`${name}: was played`, thrown instanceof Error ? thrown.message : String(thrown));
  }
}
