import { join } from "node:path";

/** Of the sources that run, and whether they were changed since: `bc47ffd`, `bc47ffd and changes`. A release has none: `unknown`. */
export function sourceCommit(): string {
  const name = git("rev-parse", "--short", "HEAD");
  if (name === undefined) return "unknown";
  return git("status", "--porcelain", "--untracked-files=no") === "" ? name : `${name} and changes`;
}

/** What it says; undefined where there is no git, or it fails. */
function git(...words: readonly string[]): string | undefined {
  if (Bun.which("git") === null) return undefined;
  const cwd = join(import.meta.dir, "../..");
  const { exitCode, stdout } = Bun.spawnSync(["git", ...words], { cwd, stdout: "pipe", stderr: "ignore" });
  return exitCode === 0 ? stdout.toString().trim() : undefined;
}
