import { readFileSync } from "node:fs";

/** proc_stat(5) counts in these. */
const MS_PER_TICK = 10;

interface ProcessorTime {
  readonly busyMs: number;
  readonly idleMs: number;
  /** Taken by other virtual machines. */
  readonly stolenMs: number;
}

/** Of all processors since the machine started. */
function processorTime(): ProcessorTime {
  const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n");
  const ticks = line.split(/\s+/).slice(1).map(Number);
  const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, interrupts = 0, softInterrupts = 0, stolen = 0] = ticks;
  return {
    busyMs: (user + nice + system + interrupts + softInterrupts) * MS_PER_TICK,
    idleMs: (idle + waiting) * MS_PER_TICK,
    stolenMs: stolen * MS_PER_TICK,
  };
}

/** Watches how much of the machine others take, from now on. */
export class ProcessorLoad {
  readonly #start = processorTime();
  #ownMs = 0;

  /** Processor time that was ours. */
  own(milliseconds: number): void {
    this.#ownMs += milliseconds;
  }

  /** What was not ours, as a part of all processors' time: other programs, this one's host, other virtual machines. */
  othersShare(): number {
    const now = processorTime();
    const [busyMs, idleMs] = [now.busyMs - this.#start.busyMs, now.idleMs - this.#start.idleMs];
    const stolenMs = now.stolenMs - this.#start.stolenMs;
    return Math.max(0, busyMs + stolenMs - this.#ownMs) / Math.max(1, busyMs + idleMs + stolenMs);
  }
}
