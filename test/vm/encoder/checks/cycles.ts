import type { Report } from "../../checks/report.ts";
import type { JournalEvent } from "../journal.ts";
import { holdingProblems, lastHoldings } from "./holdings.ts";
import { eventsOf } from "./journal.ts";

export function checkCycles(report: Report, name: string, events: readonly JournalEvent[], count: number): void {
  const measured = events.slice(events.findIndex(({ kind }) => kind === "holds"));
  const cycles = eventsOf(measured, "cycle");
  report.check(`${name}: ${count} of them`, cycles.length === count ? undefined : `${cycles.length}`);
  report.check(
    `${name}: each frame comes out, in turns by dmabuf and by copy`,
    cycles.flatMap(({ aborted, zero_copy, copied_frames, released, packets }, index) => {
      const isTurn =
        zero_copy === (index % 2 === 1) && (zero_copy ? copied_frames === 0 : aborted || copied_frames === 2);
      if (isTurn && (aborted || (released === 2 && packets === 2))) return [];
      return [
        `cycle ${index + 1}: ${packets} packets, ${released} released, ${copied_frames} copied, zero copy ${zero_copy}`,
      ];
    }),
  );
  report.check(`${name}: no descriptor, mapping or thread is left`, holdingProblems(events));
  const ms = (cycles.at(-1)?.at_ms ?? 0) - (cycles[0]?.at_ms ?? 0);
  console.log(`      ${name}: ${Math.round(ms / Math.max(1, cycles.length - 1))} ms each; ${lastHoldings(events)}`);
}
