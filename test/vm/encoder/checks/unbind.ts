import type { Report } from "../../checks/report.ts";
import type { JournalEvent } from "../journal.ts";
import { holdingProblems } from "./holdings.ts";
import { answerProblems, eventsOf, partsOf } from "./journal.ts";

/** How long the end of a device may take to be known, and the end of all that was in it. */
const UNBIND_MAX_MS = 2000;

export function checkUnbind(report: Report, events: readonly JournalEvent[]): void {
  const parts = partsOf(events);
  for (const part of ["streaming", "idle"]) {
    const its = parts.get(part) ?? [];
    const name = `unbind, ${part}`;
    const failures = eventsOf(its, "failed");
    const unbindingMs = eventsOf(its, "device")[0]?.at_ms ?? Number.NaN;
    const lateMs = Math.max(
      ...its.flatMap(({ kind, at_ms }) =>
        kind === "failed" || kind === "released" || kind === "packet" || kind === "skipped"
          ? [at_ms - unbindingMs]
          : [],
      ),
    );
    report.check(
      `${name}: one failure, that says what happened`,
      failures.length === 1 && /^\/dev\/video\d+ is gone: the encoder was removed/.test(failures[0]?.message ?? "")
        ? undefined
        : `${failures.length}: ${failures[0]?.message}`,
    );
    report.check(`${name}: each frame is released once and answered once`, answerProblems(its));
    report.check(
      `${name}: all of that within ${UNBIND_MAX_MS / 1000} s`,
      lateMs <= UNBIND_MAX_MS ? undefined : `after ${Math.round(lateMs)} ms`,
    );
    console.log(
      `      ${name}: over after ${Math.round(lateMs)} ms; ${eventsOf(its, "packet").length} packets, ` +
        `${eventsOf(its, "skipped").length} skipped, ${failures[0]?.code}: ${failures[0]?.message}`,
    );
  }
  const after = eventsOf(events, "camera_frames")[0]?.count ?? 0;
  report.check("unbind: the camera goes on, with all of its buffers", after > 0 ? undefined : "it gave no frame");
  report.check("unbind: no descriptor, mapping or thread is left", holdingProblems(events));
}
