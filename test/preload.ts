/**
 * Runs before any test file is imported, so that a plain `bun test` works on a machine where nothing was set up yet.
 * Imports nothing from node_modules, which may not exist. `CSI_CAMERA_SETUP=done` in the environment skips it.
 */
import { readFileSync } from "node:fs";
import { dirname } from "node:path";

const projectDir = dirname(import.meta.dir);

if (process.env["CSI_CAMERA_SETUP"] !== "done" && setup("--check", "test") !== 0) {
  if (setup("test") !== 0) process.exit(1);
  process.exit(testAgain());
}

function setup(...args: string[]): number | null {
  // This Bun comes last: set-up takes it where there is no npm.
  const PATH = `${process.env["PATH"]}:${dirname(process.execPath)}`;
  const { exitCode } = Bun.spawnSync(["sh", "scripts/setup.sh", ...args], {
    cwd: projectDir,
    env: { ...process.env, PATH },
    stdio: ["inherit", "inherit", "inherit"],
  });
  return exitCode;
}

/** Runs the same command line once more: this process looked for node_modules before it was there, and remembers that. */
function testAgain(): number {
  // Not process.argv, which leaves out Bun's own options.
  const args = readFileSync("/proc/self/cmdline", "utf8").split("\0").slice(1, -1);
  const { exitCode } = Bun.spawnSync([process.execPath, ...args], {
    env: { ...process.env, CSI_CAMERA_SETUP: "done" },
    stdio: ["inherit", "inherit", "inherit"],
  });
  return exitCode ?? 1;
}
