import { join } from "node:path";

const program = join(import.meta.dir, "../../../src/main.ts");

/** Has the project's own `verify` judge a file. */
export async function verifyProblem(videoPath: string): Promise<string | undefined> {
  const child = Bun.spawn([process.execPath, program, "verify", videoPath], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [output, complaints, status] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return status === 0 ? undefined : `exit code ${status}: ${(complaints + output).trim()}`;
}
