import { existsSync } from "node:fs";
import { join } from "node:path";
import { readLines } from "../../../src/protocol/line-reader.ts";
import { cleanEnvironment, programCommand } from "../../support/module-process.ts";
import type { Measure } from "./measure.ts";

const READY_MS = 150;
/** They fill the page cache. */
const WARM_UP_STARTS = 3;
/** By which RPi Logger starts it. */
const ENTRY = join(import.meta.dir, "../../../src/hosts/rpi-logger/main_cameras_csi.py");

/** From the start of the process to `ready` on its stdout. */
export async function measureStart(starts: number): Promise<Measure[]> {
  const args = ["--source", "synthetic"];
  const target = { percent: 50, limit: READY_MS } as const;
  const measure = async (name: string, command: readonly string[]): Promise<Measure> => {
    const values: number[] = [];
    for (let count = -WARM_UP_STARTS; count < starts; count++) {
      const ms = await startMs(command);
      if (count >= 0) values.push(ms);
    }
    return { name, unit: "ms", values, target };
  };
  const measures = [await measure("start to ready", programCommand(args))];
  if (!existsSync(ENTRY)) return measures;
  const entry = ["python3", ENTRY, ...args, "--enable-commands"];
  // Python comes before Bun, and no time was set for it.
  const { name, unit, values } = await measure("start to ready, by way of Python", entry);
  return [...measures, { name, unit, values }];
}

async function startMs(command: readonly string[]): Promise<number> {
  const before = performance.now();
  const child = Bun.spawn([...command], { env: cleanEnvironment, stdin: "pipe", stdout: "pipe", stderr: "inherit" });
  const first = await readLines(child.stdout).next();
  const ms = performance.now() - before;
  const line = first.value?.kind === "line" ? first.value.text : "";
  if (!line.includes('"status":"ready"')) throw new Error(`got ${JSON.stringify(line)}, expected ready`);
  void child.stdin.end();
  await child.exited;
  return ms;
}
