import { runVerify } from "../../src/verify/verify-command.ts";
import { cleanEnvironment, programCommand } from "./module-process.ts";

export interface ProgramResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program to its end, with nothing on its stdin. */
export async function runProgram(
  args: readonly string[],
  { env = {}, cwd = process.cwd() }: { env?: Readonly<Record<string, string>>; cwd?: string } = {},
): Promise<ProgramResult> {
  const child = Bun.spawn(programCommand(args), {
    env: { ...cleanEnvironment, ...env },
    cwd,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { exitCode, stdout, stderr };
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
