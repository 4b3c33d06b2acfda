import { setTimeout as delay } from "node:timers/promises";
import type { ModuleProcess } from "../support/module-process.ts";
import type { ProgramEnding } from "./checked-program.ts";

/** One step of a host that stops its child; the next is taken when it did not do in time. */
export interface Rung {
  readonly name: string;
  /** How long the host waits. */
  readonly limitMs: number;
  /** Does it. Resolves when there is no more to wait for; by default the program's end. */
  readonly take: (module: ModuleProcess) => Promise<unknown> | void;
}

export interface StopReport extends ProgramEnding {
  /** The rungs that were taken, in order. */
  readonly rungs: readonly { readonly name: string; readonly tookMs: number; readonly wasInVain: boolean }[];
}

/** Takes one rung after the other until the program has ended. The last one must end it. */
export async function stopBy(module: ModuleProcess, ladder: readonly Rung[]): Promise<StopReport> {
  const rungs: StopReport["rungs"][number][] = [];
  let hasEnded = false;
  const ending = module.ending().finally(() => {
    hasEnded = true;
  });
  for (const { name, limitMs, take } of ladder) {
    if (hasEnded) break;
    const startMs = performance.now();
    const done = Promise.resolve(take(module) ?? ending).then(() => false);
    const wasInVain = await Promise.race([done, ending.then(() => false), delay(limitMs, true, { ref: false })]);
    rungs.push({ name, tookMs: performance.now() - startMs, wasInVain });
  }
  return { rungs, ...(await ending) };
}
