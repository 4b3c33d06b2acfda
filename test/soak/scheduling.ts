import { readFileSync } from "node:fs";

/** proc_pid_stat(5) numbers them as linux/sched.h does. */
const POLICIES: ReadonlyMap<number, string> = new Map([
  [0, "SCHED_OTHER"],
  [1, "SCHED_FIFO"],
  [2, "SCHED_RR"],
  [3, "SCHED_BATCH"],
  [5, "SCHED_IDLE"],
  [6, "SCHED_DEADLINE"],
]);

/** How this process is scheduled, and with it those that it starts: `SCHED_RR, real-time priority 5 of 99`. */
export function ownScheduling(): string {
  return describeScheduling(readFileSync("/proc/self/stat", "utf8"), readAutogroup());
}

/** `stat`: a line as proc_pid_stat(5) tells it; `autogroup`: of proc_pid_autogroup(5), undefined where there is none. */
export function describeScheduling(stat: string, autogroup: string | undefined): string {
  // The name in parentheses may hold spaces; the field after it is the third.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const field = (number: number): number => Number(fields[number - 3]);
  const policy = field(41);
  const name = POLICIES.get(policy) ?? `policy ${policy}`;
  const realTimePriority = field(40);
  // It goes before all that have none, whatever nice values say.
  if (realTimePriority > 0) return `${name}, real-time priority ${realTimePriority} of 99`;
  // Where sessions are scheduled as groups (sched(7)), a nice value counts within its session only: beside other sessions it
  // is the group's that counts.
  const group = /nice (-?\d+)/.exec(autogroup ?? "")?.[1];
  return `${name}, nice value ${field(19)}${group === undefined ? "" : `, ${group} of its session`}`;
}

function readAutogroup(): string | undefined {
  try {
    return readFileSync("/proc/self/autogroup", "utf8");
  } catch {
    return undefined;
  }
}
