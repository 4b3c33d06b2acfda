import type { Findings } from "./findings.ts";
import { judgeDescriptors, judgeMemory } from "./judge-memory.ts";
import { judgeFiles, judgeFrames, judgeLedgers, judgeTrials } from "./judge-recordings.ts";
import { judgeScrapes, judgeViewers } from "./judge-watchers.ts";
import { type Judged, type JudgedOptions, judgeCount } from "./judged.ts";

/** Of a run, everything that was to be so. */
export function judge(options: JudgedOptions, found: Findings): Judged[] {
  return [
    judgeTrials(options, found),
    judgeFrames(options, found),
    ...judgeLedgers(found),
    judgeFiles(found),
    ...judgeMemory(options, found),
    judgeDescriptors(found),
    judgeViewers(options, found),
    judgeScrapes(found),
    judgeCount("anything else that was wrong", found.problems.length, found.problems.join("; ")),
  ];
}

export function isSound(verdict: readonly Judged[]): boolean {
  return verdict.every((judged) => judged.isSound !== false);
}
