import { peakMemoryBytes } from "../../support/process-usage.ts";
import type { Turns } from "./turns.ts";

const LOOK_EVERY_MS = 100;

/**
 * Runs a program to its end. Throws where it fails or complains. Its peak memory is looked up while it runs: what the
 * kernel tells after its end (getrusage) includes this process's own at the moment of the fork.
 */
export async function runMeasured(
  command: readonly string[],
  turns?: Turns,
): Promise<{ cpuMs: number; wallMs: number; peakBytes: number }> {
  const startMs = performance.now();
  const child = Bun.spawn([...command], { stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  using turn = turns?.join(child.pid);
  let peakBytes = 0;
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOf(child.pid));
  }, LOOK_EVERY_MS);
  try {
    const [errors, status] = await Promise.all([child.stderr.text(), child.exited]);
    const wallMs = performance.now() - startMs - (turn?.waitedMs ?? 0);
    if (status !== 0 || errors !== "") throw new Error(`${command.join(" ")} ended with ${status}: ${errors}`);
    const usage = child.resourceUsage();
    if (usage === undefined) throw new Error("the program's usage is not known");
    return { cpuMs: Number(usage.cpuTime.total) / 1000, wallMs, peakBytes };
  } finally {
    clearInterval(timer);
  }
}

/** 0 where it has ended and waits to be reaped. */
function peakOf(pid: number): number {
  try {
    return peakMemoryBytes(pid);
  } catch {
    return 0;
  }
}
