import { readFileSync } from "node:fs";

/** proc_stat(5) and proc_pid_stat(5) count in these. */
const MS_PER_TICK = 10;

interface ProcessorTime {
  readonly ownMs: number;
  /** By any program of this machine. */
  readonly usedMs: number;
  /** By other machines on the same host while this one had something to do: proc_stat(5), steal. */
  readonly stolenMs: number;
  readonly allMs: number;
}

/** What others took, as parts of all processors' time. */
export interface TakenByOthers {
  /** Other programs of this machine. */
  readonly othersShare: number;
  /** Other machines on the same host. */
  readonly stolenShare: number;
}

/** Watches how much of the machine others take, from now on. */
export class ProcessorLoad {
  readonly #start = processorTime();

  /** What was neither this process's nor that of its children that have ended, as a part of all processors' time. */
  othersShare(): number {
    const { ownMs, usedMs, allMs } = this.#since();
    return Math.max(0, usedMs - ownMs) / allMs;
  }

  taken(): TakenByOthers {
    const { stolenMs, allMs } = this.#since();
    return { othersShare: this.othersShare(), stolenShare: stolenMs / allMs };
  }

  /** What anybody took, other machines included: what is left was idle. A part of all processors' time. */
  busyShare(): number {
    const { usedMs, stolenMs, allMs } = this.#since();
    return (usedMs + stolenMs) / allMs;
  }

  #since(): ProcessorTime {
    const now = processorTime();
    return {
      ownMs: now.ownMs - this.#start.ownMs,
      usedMs: now.usedMs - this.#start.usedMs,
      stolenMs: now.stolenMs - this.#start.stolenMs,
      allMs: Math.max(1, now.allMs - this.#start.allMs),
    };
  }
}

/** By all others together. */
export function takenShare({ othersShare, stolenShare }: TakenByOthers): number {
  return othersShare + stolenShare;
}

/** In words, for the head of a report. */
export function takenWords({ othersShare, stolenShare }: TakenByOthers): string {
  const [others, stolen] = [othersShare, stolenShare].map((share) => `${(100 * share).toFixed(1)} %`);
  return `other programs took ${others} of the processors meanwhile, other machines on the host ${stolen} (steal)`;
}

function processorTime(): ProcessorTime {
  const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n");
  const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, interrupts = 0, softInterrupts = 0, stolen = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  const used = user + nice + system + interrupts + softInterrupts;
  const own = readFileSync("/proc/self/stat", "utf8");
  // The name in parentheses may hold spaces; utime, stime, cutime and cstime are fields 14 to 17.
  const times = own
    .slice(own.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 15)
    .map(Number);
  const ownTicks = times.reduce((sum, ticks) => sum + ticks, 0);
  const all = used + stolen + idle + waiting;
  const [ownMs = 0, usedMs = 0, stolenMs = 0, allMs = 0] = [ownTicks, used, stolen, all].map(
    (ticks) => ticks * MS_PER_TICK,
  );
  return { ownMs, usedMs, stolenMs, allMs };
}
