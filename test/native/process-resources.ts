import { readdirSync, readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { openFiles } from "../support/open-files.ts";

/** Open sockets and eventfds of this process: what the shim's handles are made of. */
export function openWakeDescriptors(): number {
  return openFiles().filter((file) => /^(socket:|anon_inode:\[eventfd)/.test(file)).length;
}

/** Resolves when no more than `count` of them are open: a socket's reader closes its end a turn of the event loop after the writer did. */
export async function wakeDescriptorsAtMost(count: number): Promise<void> {
  while (openWakeDescriptors() > count) await setImmediate();
}

/** Threads that the shim started, and their children: they inherit the name. The kernel lists one for a moment after it
 *  was joined: see `shimThreadsGone()`. */
export function shimThreads(): number {
  return readdirSync("/proc/self/task").filter((id) => nameOf(id).startsWith("csi-")).length;
}

/** Resolves when none is left. */
export async function shimThreadsGone(): Promise<void> {
  while (shimThreads() > 0) await setImmediate();
}

function nameOf(thread: string): string {
  try {
    return readFileSync(`/proc/self/task/${thread}/comm`, "utf8");
  } catch {
    return ""; // it has just ended
  }
}
