import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { waitUntil } from "../log/wait-until.ts";

/** Waits until `commands.jsonl` says that the command has come so far. */
export async function waitForCommandState(
  logDir: string,
  id: string,
  state: "received" | "processing" | "completed" | "failed",
): Promise<void> {
  const path = join(logDir, "commands.jsonl");
  await waitUntil(`${id} ${state} in ${path}`, () => {
    if (!existsSync(path)) return false;
    const lines = readFileSync(path, "utf8").split("\n");
    return lines.some((line) => line.includes(`"${id}"`) && line.includes(`"state":"${state}"`));
  });
}
