import { readFileSync } from "node:fs";

/** proc_pid_stat(5) counts in these; 100 on every Linux that Bun runs on. */
const TICKS_PER_SECOND = 100;

/** The most memory that the process had resident so far, bytes. */
export function peakMemoryBytes(pid: number): number {
  return statusBytes(pid, "VmHWM");
}

/** Memory that the process has resident, bytes. */
export function residentMemoryBytes(pid: number): number {
  return statusBytes(pid, "VmRSS");
}

function statusBytes(pid: number, name: "VmHWM" | "VmRSS"): number {
  const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  if (kilobytes === undefined) throw new Error(`/proc/${pid}/status has no ${name}`);
  return Number(kilobytes) * 1024;
}

/** CPU time of all its threads so far, user and system, seconds. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name in parentheses may hold spaces; utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
