import { basename } from "node:path";
import { z } from "zod";
import { quote } from "../errors.ts";
import { openIfThere } from "./open-if-there.ts";
import type { Problems } from "./problems.ts";
import { textLines } from "./text-lines.ts";
import { UnreadableFileError } from "./unreadable-file-error.ts";

/** A line has some hundred characters. */
const LINE_CHARACTERS_MAX = 4096;
/** There are nine reasons; a file that goes on with new ones is none of ours. */
const REASONS_MAX = 100;

const DropLine = z.object({
  ts: z.iso.datetime(),
  mono_ns: z.number().min(0),
  reason: z.string().min(1),
  frame_num: z.number().nullable(),
});

/** What a recording's list of drops holds. */
export interface DropLines {
  readonly count: number;
  readonly countByReason: ReadonlyMap<string, number>;
}

/**
 * Streams a recording's list of drops (`…_drops.jsonl`); undefined where there is none. `mayBeTorn`: nobody waits
 * for it to be on the disk, so where a recording was broken off its end may be; `notes` take where.
 */
export function readDropLines(
  path: string,
  { mayBeTorn, problems, notes }: { mayBeTorn: boolean; problems: Problems; notes: string[] },
): DropLines | undefined {
  const name = basename(path);
  const countByReason = new Map<string, number>();
  let count = 0;
  try {
    using file = openIfThere(path);
    if (file === undefined) return undefined;
    for (const { text, isComplete } of textLines(file, LINE_CHARACTERS_MAX)) {
      count++;
      const isTorn = !isComplete || text.includes("\0");
      if (mayBeTorn && isTorn) {
        notes.push(`${name} is torn from line ${count} on`);
        count--;
        break;
      }
      const reason = isComplete ? readReason(text) : undefined;
      if (reason === undefined) problems.add("drop line", `${name}: line ${count} is ${quote(text)}, expected a drop`);
      else countByReason.set(reason, (countByReason.get(reason) ?? 0) + 1);
      if (countByReason.size > REASONS_MAX || text.length > LINE_CHARACTERS_MAX) {
        problems.add("drops", `${name} is no list of drops: it is not read any further than line ${count}`);
        break;
      }
    }
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    problems.add("drops", error.message);
  }
  return { count, countByReason };
}

function readReason(text: string): string | undefined {
  try {
    return DropLine.safeParse(JSON.parse(text)).data?.reason;
  } catch {
    return undefined; // no JSON
  }
}
