import { describeMachine } from "./machine.ts";
import { type ModuleCost, sideBySide } from "./modules.ts";
import type { BenchOptions } from "./options.ts";
import { RunFolder } from "./run-folder.ts";
import { textTable } from "./table.ts";

/** Room for what a module records in a second. */
const BYTES_PER_SECOND = 2e6;

export async function printModules(counts: readonly number[], { seconds, json }: BenchOptions): Promise<void> {
  using folder = new RunFolder(Math.max(...counts) * seconds * BYTES_PER_SECOND);
  const trials: { count: number; modules: ModuleCost[] }[] = [];
  for (const count of counts) {
    console.error(`${count} side by side`);
    trials.push({ count, modules: await sideBySide(count, folder.path, seconds) });
  }
  if (json) {
    console.log(JSON.stringify({ machine: describeMachine(), seconds, trials }, undefined, 2));
    return;
  }
  const lines = trials.flatMap(({ count, modules }) => modules.map((module, index) => line(count, index, module)));
  const head = [
    "modules",
    "",
    "captured",
    "recorded",
    "dropped",
    "not captured",
    "CPU ms/frame",
    "previews/s",
    "peak MB",
  ];
  console.log(`${describeMachine()}; each records H.264 1456x1088 at 30 frames/s for ${seconds} s, with one viewer`);
  console.log(textTable([head, ...lines]));
}

function line(count: number, index: number, module: ModuleCost): string[] {
  return [
    index === 0 ? String(count) : "",
    `#${index + 1}`,
    String(module.captured),
    String(module.recorded),
    JSON.stringify(module.dropped),
    String(module.missing),
    module.cpuMsPerFrame.toFixed(2),
    module.previewsPerSecond.toFixed(1),
    (module.peakBytes / 1e6).toFixed(0),
  ];
}
