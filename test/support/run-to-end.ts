import { cleanEnvironment } from "./module-process.ts";

export interface ProgramResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Beside what is set here, of which the variables that the program reads are left out. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Runs a command to its end, with nothing on its stdin. */
export async function runToEnd(
  command: readonly string[],
  { env = {}, cwd = process.cwd() }: RunOptions = {},
): Promise<ProgramResult> {
  const child = Bun.spawn([...command], {
    env: { ...cleanEnvironment, ...env },
    cwd,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { exitCode, stdout, stderr };
}
