/** Runs a program to its end. Throws where it fails or has something to say. Returns its stdout. */
export async function runTool(...command: string[]): Promise<Uint8Array> {
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [out, errors, status] = await Promise.all([child.stdout.bytes(), child.stderr.text(), child.exited]);
  if (status !== 0 || errors !== "") throw new Error(`${command.join(" ")} ended with ${status}: ${errors}`);
  return out;
}
