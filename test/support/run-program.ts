import { runVerify } from "../../src/verify/verify-command.ts";
import { programCommand } from "./module-process.ts";
import { type ProgramResult, type RunOptions, runToEnd } from "./run-to-end.ts";

/** Runs the program to its end, with nothing on its stdin. */
export async function runProgram(args: readonly string[], options?: RunOptions): Promise<ProgramResult> {
  return await runToEnd(programCommand(args), options);
}

/**
 * `verify`'s exit code, 0 sound, 1 not, 2 unreadable, and what it prints. Without a process of its own: that the program
 * does the same is for test/e2e/verify-verdict.test.ts.
 */
export async function verdictOn(path: string): Promise<{ exitCode: number; stdout: string }> {
  let stdout = "";
  const exitCode = await runVerify([path], { write: (text: string) => (stdout += text) });
  return { exitCode, stdout };
}
