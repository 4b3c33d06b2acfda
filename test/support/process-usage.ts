import { readdirSync, readFileSync } from "node:fs";

/** proc_pid_stat(5) counts in these; 100 on every Linux that Bun runs on. */
const TICKS_PER_SECOND = 100;

/** The most memory that the process had resident so far, bytes. */
export function peakMemoryBytes(pid: number): number {
  return memoryBytes(pid, "VmHWM");
}

/** The memory that the process has resident, bytes. */
export function residentBytes(pid: number): number {
  return memoryBytes(pid, "VmRSS");
}

/** CPU time of all its threads so far, user and system, seconds. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name in parentheses may hold spaces; utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** A line of /proc/PID/status: proc_pid_status(5). */
function memoryBytes(pid: number, name: string): number {
  const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  if (kilobytes === undefined) throw new Error(`/proc/${pid}/status has no ${name}`);
  return Number(kilobytes) * 1024;
}

/**
 * CPU time of its living threads so far, ms; to the nanosecond where cpuSeconds() counts hundredths of a second. To be
 * compared with a later one, as long as its threads go on. proc_pid_schedstat: Documentation/scheduler/sched-stats.rst.
 */
export function threadsCpuMs(pid: number): number {
  return threadsOf(pid).reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

export interface Thread {
  readonly isMain: boolean;
  /** 15 characters at most. */
  readonly name: string;
  /** So far. */
  readonly cpuMs: number;
}

/** Its living threads. */
export function threadsOf(pid: number): Thread[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const of = (file: string): string => readFileSync(`/proc/${pid}/task/${thread}/${file}`, "utf8");
    return {
      isMain: Number(thread) === pid,
      name: of("comm").trim(),
      cpuMs: Number(of("schedstat").split(" ")[0]) / 1e6,
    };
  });
}
