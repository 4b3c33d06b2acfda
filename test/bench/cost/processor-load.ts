import { readFileSync } from "node:fs";

/** proc_stat(5) and proc_pid_stat(5) count in these. */
const MS_PER_TICK = 10;

interface ProcessorTime {
  readonly ownMs: number;
  readonly busyMs: number;
  readonly allMs: number;
}

/** Watches how much of the machine others take, from now on. */
export class ProcessorLoad {
  readonly #start = processorTime();

  /** What was neither this process's nor that of its children that have ended, as a part of all processors' time. */
  othersShare(): number {
    const now = processorTime();
    const othersMs = now.busyMs - this.#start.busyMs - (now.ownMs - this.#start.ownMs);
    return Math.max(0, othersMs) / Math.max(1, now.allMs - this.#start.allMs);
  }

  /** What anybody took, as a part of all processors' time. */
  busyShare(): number {
    const now = processorTime();
    return (now.busyMs - this.#start.busyMs) / Math.max(1, now.allMs - this.#start.allMs);
  }
}

function processorTime(): ProcessorTime {
  const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n");
  const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, interrupts = 0, softInterrupts = 0, stolen = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  const busy = user + nice + system + interrupts + softInterrupts + stolen;
  const own = readFileSync("/proc/self/stat", "utf8");
  // The name in parentheses may hold spaces; utime, stime, cutime and cstime are fields 14 to 17.
  const times = own
    .slice(own.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 15)
    .map(Number);
  const ownTicks = times.reduce((sum, ticks) => sum + ticks, 0);
  return { ownMs: ownTicks * MS_PER_TICK, busyMs: busy * MS_PER_TICK, allMs: (busy + idle + waiting) * MS_PER_TICK };
}
