import { mkdirSync, writeFileSync } from "node:fs";

/** Debian has these where only root looks. */
const PATH = `${process.env["PATH"]}:/usr/sbin:/sbin`;

/** Makes an ext4 file system as mkfs.ext4 makes larger ones: with blocks of 4 KiB. */
export async function makeFileSystem(image: string): Promise<void> {
  await runOrThrow("mkfs.ext4", "-q", "-b", "4096", image);
}

/** What e2fsck would mend, once the journal was replayed; undefined: nothing. */
export async function fileSystemProblem(image: string): Promise<string | undefined> {
  const { status, output } = await run("e2fsck", "-f", "-n", image);
  return status === 0 ? undefined : `e2fsck ends with ${status}: ${output}`;
}

/**
 * Does to `PATH.img` what guest/read-disks.sh does, without mounting it: replays its journal and copies what is on it to
 * the folder PATH. PATH.error says what could not be done.
 */
export async function readDisk(path: string): Promise<void> {
  mkdirSync(path);
  try {
    await runOrThrow("e2fsck", "-y", "-E", "journal_only", `${path}.img`);
    await runOrThrow("debugfs", "-R", `rdump "/" "${path}"`, `${path}.img`);
    writeFileSync(`${path}.error`, "");
  } catch (error) {
    writeFileSync(`${path}.error`, String(error));
  }
}

async function runOrThrow(...command: string[]): Promise<void> {
  const { status, output } = await run(...command);
  if (status !== 0) throw new Error(`${command[0]} ends with ${status}: ${output}`);
}

async function run(...command: string[]): Promise<{ status: number; output: string }> {
  const child = Bun.spawn(command, { env: { ...process.env, PATH }, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [output, errors, status] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { status, output: `${output}${errors}`.trim() };
}
