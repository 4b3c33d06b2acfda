import { join } from "node:path";
import { runTool } from "../../support/run-tool.ts";

const PROGRAM = join(import.meta.dir, "../../../shim/build/test/bench-ticker");

/** A camera's clock is a program of its own: to be built before it is started. */
export async function buildTicker(): Promise<void> {
  await runTool("flock", join(import.meta.dir, "Makefile"), "make", "-C", import.meta.dir, "-s");
}

/** Writes the time, ns in 8 bytes, to a Unix socket so many times a second, until that is closed. */
export function startTicker(socketPath: string, framesPerSecond: number): Bun.Subprocess {
  return Bun.spawn([PROGRAM, socketPath, String(framesPerSecond)], {
    env: { ...process.env, LD_PRELOAD: "" },
    stdio: ["ignore", "inherit", "inherit"],
  });
}
