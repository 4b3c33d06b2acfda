import type { Report } from "../../checks/report.ts";
import type { JournalEvent } from "../journal.ts";
import { drainParts } from "../plan.ts";
import { answerProblems, eventsOf, packetProblems, partsOf, troubleProblems } from "./journal.ts";

export function checkDrains(report: Report, events: readonly JournalEvent[]): void {
  const parts = partsOf(events);
  for (const { part, frameCount } of drainParts) {
    const its = parts.get(part) ?? [];
    const name = `drains, ${part}`;
    const packets = eventsOf(its, "packet").length;
    report.check(`${name}: ${frameCount} packets`, packets === frameCount ? undefined : `${packets} packets`);
    report.check(`${name}: every frame is released and comes out`, [
      ...answerProblems(its),
      ...packetProblems(its),
      ...troubleProblems(its),
    ]);
    const end = its.slice(-2).map(({ kind }) => kind);
    report.check(
      `${name}: ends by itself`,
      end.join() === "drained,closed" ? undefined : `it ends with ${end.join(", ")}`,
    );
  }
}
