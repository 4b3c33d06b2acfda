import { readFileSync } from "node:fs";
import { arch, availableParallelism, cpus, release, totalmem } from "node:os";

/** The machine in one line: `AMD EPYC, 2 processors, 24 GB, x64, Linux 6.18.44`. */
export function describeMachine(): string {
  const memory = `${(totalmem() / 1e9).toFixed(0)} GB`;
  return [modelName(), `${availableParallelism()} processors`, memory, arch(), `Linux ${release()}`].join(", ");
}

/** A board names itself in the device tree; a PC's processor does. */
function modelName(): string {
  try {
    return readFileSync("/proc/device-tree/model", "utf8").replace("\0", "");
  } catch {
    return cpus()[0]?.model ?? "unknown processor";
  }
}
