import { quote, shorten } from "../../errors.ts";
import type { Finding } from "../finding.ts";
import type { MachineFiles } from "../machine-files.ts";
import { nameSome } from "../name-some.ts";

export interface UseFacts {
  readonly holders: readonly Holder[];
  /** Processes of others that don't show what they have open. */
  readonly hiddenProcesses: number;
}

/** A process that has nodes of cameras or encoders open. */
interface Holder {
  readonly pid: number;
  readonly name: string;
  /** With its arguments: many are called `python3`. */
  readonly command: string;
  readonly nodes: readonly string[];
}

export function readUse(files: MachineFiles, ownPid = process.pid): UseFacts {
  const pids = (files.names("/proc") ?? []).map(Number).filter((pid) => Number.isInteger(pid) && pid !== ownPid);
  const processes = pids.map((pid) => ({ pid, open: openFiles(files, pid) }));
  return {
    holders: processes.flatMap(({ pid, open = [] }) => {
      const nodes = [...new Set(open.filter((path) => /^\/dev\/(video|media|v4l-subdev)\d+$/.test(path)))].toSorted();
      if (nodes.length === 0) return [];
      const command = shorten((files.read(`/proc/${pid}/cmdline`) ?? "").replaceAll("\0", " "), 120);
      return { pid, name: files.read(`/proc/${pid}/comm`) ?? "unknown", command, nodes };
    }),
    hiddenProcesses: processes.filter(({ open }) => open === undefined).length,
  };
}

/** `captured`: frames came from the camera, another process holds it, or neither is known. */
export function checkInUse({ holders, hiddenProcesses }: UseFacts, captured: "frames" | "busy" | "no_frames"): Finding {
  const names = holders
    .map(({ pid, name, command, nodes }) => `${name} (process ${pid}, ${quote(command, 50)}, has ${nameSome(nodes)})`)
    .join("; ");
  const finding = {
    check: "in_use",
    values: { holders: holders.map((holder) => ({ ...holder })), hidden_processes: hiddenProcesses },
  } as const;
  const lookAsRoot = `run doctor with sudo: it sees into the ${hiddenProcesses} processes that are hidden from you`;
  if (captured === "busy") {
    return {
      ...finding,
      level: "failure",
      sentence: `another process holds the camera: ${names || "which one can't be seen"}`,
      advice: holders.length > 0 ? [`end ${holders.map(({ name }) => name).join(" or ")}`] : [lookAsRoot],
    };
  }
  if (holders.length > 0) {
    const harm = captured === "frames" ? ", which keeps nobody from the camera" : "";
    const advice = captured === "frames" ? [] : [`end ${holders.map(({ name }) => name).join(" and ")}, and try again`];
    return { ...finding, level: captured === "frames" ? "ok" : "warning", sentence: `used by ${names}${harm}`, advice };
  }
  const seen = hiddenProcesses > 0 ? "no process that can be seen" : "no other process";
  const sentence = `${seen} holds a camera or an encoder`;
  if (captured === "no_frames" && hiddenProcesses > 0)
    return { ...finding, level: "unknown", sentence, advice: [lookAsRoot] };
  return { ...finding, level: "ok", sentence, advice: [] };
}

function openFiles(files: MachineFiles, pid: number): string[] | undefined {
  const folder = `/proc/${pid}/fd`;
  // A process that has ended meanwhile hides nothing.
  if (!files.exists(`/proc/${pid}/comm`)) return [];
  return files.names(folder)?.map((fd) => files.link(`${folder}/${fd}`) ?? "");
}
