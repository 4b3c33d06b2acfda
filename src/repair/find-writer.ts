import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";

/** Access modes of open(2) in the flags that proc_pid_fdinfo(5) prints in octal: anything but reading only. */
const ACCESS_MODE = 0o3;

/** The process, if one can be seen, that has the file open for writing: a recording that goes on. */
export function findWriter(path: string): number | undefined {
  const realPath = realpathSync(path);
  const processes = readFolder("/proc").filter((name) => /^\d+$/.test(name));
  const pid = processes.find((process) =>
    readFolder(`/proc/${process}/fd`).some((fd) => isOpenForWriting(process, fd, realPath)),
  );
  return pid === undefined ? undefined : Number(pid);
}

function isOpenForWriting(process: string, fd: string, realPath: string): boolean {
  try {
    if (readlinkSync(`/proc/${process}/fd/${fd}`) !== realPath) return false;
    const flags = /^flags:\s+(\d+)$/m.exec(readFileSync(`/proc/${process}/fdinfo/${fd}`, "latin1"))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & ACCESS_MODE) !== 0;
  } catch {
    return false; // closed meanwhile
  }
}

/** Nothing of a process that has ended or is somebody else's. */
function readFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
