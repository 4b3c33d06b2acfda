import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import type { Ledger } from "../transcript.ts";

const DropNote = z.object({ ts: z.string(), mono_ns: z.number(), reason: z.string(), frame_num: z.number() });

/** Every captured frame is in exactly one column. */
export function balanceProblem(ledger: Ledger): string | undefined {
  const sum = ledger.recorded + ledger.skipped_by_rate_gate + droppedFrames(ledger);
  return sum === ledger.captured
    ? undefined
    : `captured ${ledger.captured}, accounted for ${sum}: ${JSON.stringify(ledger)}`;
}

/** Each dropped frame has its line beside the video, with its reason; there is no file when there were none. */
export function dropNoteProblem(videoPath: string, { dropped }: Ledger): string | undefined {
  const path = videoPath.replace(/\.mp4$/, "_drops.jsonl");
  const noted: Record<string, number> = {};
  for (const line of existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n") : []) {
    const { reason } = DropNote.parse(JSON.parse(line));
    noted[reason] = (noted[reason] ?? 0) + 1;
  }
  return Bun.deepEquals(noted, dropped)
    ? undefined
    : `noted ${JSON.stringify(noted)}, dropped ${JSON.stringify(dropped)}`;
}

function droppedFrames({ dropped }: Ledger): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0);
}
