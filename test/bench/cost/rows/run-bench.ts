import { join } from "node:path";
import { runTool } from "../../../support/run-tool.ts";

/** Runs another program of test/bench with `--json` and gives what it said. */
export async function runBench(name: string, ...args: readonly string[]): Promise<unknown> {
  const program = join(import.meta.dir, "../..", name);
  const output = await runTool(process.execPath, program, "--json", ...args);
  return JSON.parse(Buffer.from(output).toString());
}
