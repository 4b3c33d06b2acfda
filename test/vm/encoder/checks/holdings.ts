import type { JournalEvent } from "../journal.ts";
import { eventsOf } from "./journal.ts";

/** What the process held that it did not hold before. */
export function holdingProblems(events: readonly JournalEvent[]): string[] {
  const [before, ...after] = eventsOf(events, "holds").map(({ what }) => what);
  if (before === undefined || after.length === 0) return ["it was not counted"];
  return after.flatMap((what) =>
    Object.entries(what).flatMap(([name, count]) =>
      count <= (before[name] ?? 0) ? [] : [`${name}: ${before[name]} before, ${count} after`],
    ),
  );
}

/** What it held at the end, for people. */
export function lastHoldings(events: readonly JournalEvent[]): string {
  return JSON.stringify(eventsOf(events, "holds").at(-1)?.what ?? {});
}
