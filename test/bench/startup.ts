/**
 * How long the program takes from the start of its process to `ready` on its stdout: `bun test/bench/startup.ts [--starts 20]`.
 * The first starts, which fill the page cache, are not counted.
 */
import { parseArgs } from "node:util";
import { ModuleProcess } from "../support/module-process.ts";
import { percentile } from "../support/percentile.ts";

const WARM_UP_STARTS = 3;
const { values } = parseArgs({ options: { starts: { type: "string", default: "20" } } });
const starts = Number(values.starts);
if (!Number.isInteger(starts) || starts < 1) throw new Error(`--starts: got ${values.starts}, expected a whole number`);

const times: number[] = [];
for (let count = -WARM_UP_STARTS; count < starts; count++) {
  const ms = await startMs();
  if (count >= 0) times.push(ms);
}
console.log(
  `ready after ${format(percentile(times, 50))} (median), ${format(percentile(times, 95))} (p95) of ${starts} starts`,
);
console.log(`fastest ${format(Math.min(...times))}, slowest ${format(Math.max(...times))}; wanted: within 300 ms`);

async function startMs(): Promise<number> {
  const before = performance.now();
  await using host = new ModuleProcess(["--source", "synthetic"]);
  await host.waitFor("ready", ({ status }) => status === "ready");
  return performance.now() - before;
}

function format(ms: number): string {
  return `${ms.toFixed(0)} ms`;
}
