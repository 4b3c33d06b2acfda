import { readdirSync, readlinkSync } from "node:fs";

/** What a process (this one, if none is named) has open: paths, and names such as `pipe:[123]`. */
export function openFiles(pid: number | "self" = "self"): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      return []; // closed meanwhile, as the one that listed the folder
    }
  });
}
