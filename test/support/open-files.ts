import { readdirSync, readlinkSync } from "node:fs";

/** What this process has open: paths, and names such as `pipe:[123]`. */
export function openFiles(): string[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return []; // closed meanwhile, as the one that listed the folder
    }
  });
}
