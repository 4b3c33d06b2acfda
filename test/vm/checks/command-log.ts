import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Dialogue } from "./dialogue.ts";

const LogLine = z.looseObject({
  ts: z.string(),
  id: z.string().nullish(),
  reply_to: z.string().nullish(),
  state: z.string().optional(),
});

/** `commands.jsonl` tells each command's whole story: received, how it ended, and the reply. */
export function commandLogProblems(caseFolder: string, { commandIds }: Dialogue): string[] {
  const lines = readFileSync(join(caseFolder, "logs/commands.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => LogLine.parse(JSON.parse(line)));
  return commandIds.flatMap((id) => {
    const states = lines.filter((line) => line.id === id).map((line) => line.state);
    const problems: string[] = [];
    if (!states.includes("received")) problems.push(`${id} has no "received"`);
    if (!states.includes("completed") && !states.includes("failed")) problems.push(`${id} has no end`);
    if (!lines.some((line) => line.reply_to === id)) problems.push(`${id} has no reply`);
    return problems;
  });
}
