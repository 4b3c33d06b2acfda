import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";

const Drop = z.strictObject({
  ts: z.iso.datetime(),
  mono_ns: z.number().int(),
  reason: z.string(),
  frame_num: z.number().int().nullable(),
});

/** A list of dropped frames, a recording's or the log's; a recording that dropped none has no such file. */
export function readDrops(path: string): z.infer<typeof Drop>[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  return lines.map((line) => Drop.parse(JSON.parse(line)));
}
