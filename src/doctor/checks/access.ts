import type { Finding } from "../finding.ts";
import type { MachineFiles } from "../machine-files.ts";
import { nameSome } from "../name-some.ts";

export interface AccessFacts {
  readonly isRoot: boolean;
  /** Of this process; `listed`: the user is in it, and logged in before that; `none`: there is no such group. */
  readonly videoGroup: "member" | "listed" | "outside" | "none";
  /** What cameras and encoders are reached through. */
  readonly nodes: readonly { readonly path: string; readonly isOurs: boolean }[];
}

const HEAPS = "/dev/dma_heap";
const JOIN = 'join the group video: "sudo usermod -aG video $USER", then log in again';

/** Reads who this process is from `/proc/self/status`. */
export function readAccess(files: MachineFiles, { withHeaps }: { withHeaps: boolean }): AccessFacts {
  const status = files.read("/proc/self/status") ?? "";
  const ids = (key: string) =>
    (new RegExp(`^${key}:[ \\t]*(.*)$`, "m").exec(status)?.[1] ?? "").split(/\s+/).filter((id) => id !== "");
  const userId = ids("Uid")[1] ?? "";
  const ours = [...ids("Groups"), ...ids("Gid")];
  const group = /^video:[^:]*:(\d+):(.*)$/m.exec(files.read("/etc/group") ?? "");
  const user = (files.read("/etc/passwd") ?? "").split("\n").find((line) => line.split(":")[2] === userId);
  const isListed = group?.[2]?.split(",").includes(user?.split(":")[0] ?? "") ?? false;
  return {
    isRoot: userId === "0",
    videoGroup: group === null ? "none" : ours.includes(group[1] ?? "") ? "member" : isListed ? "listed" : "outside",
    nodes: [
      ...nodesIn(files, "/dev", /^(video|media|v4l-subdev)\d+$/),
      ...(withHeaps ? nodesIn(files, HEAPS, /./) : []),
    ].map((path) => ({ path, isOurs: files.isOurs(path) })),
  };
}

/** `captured`: frames came from the camera all the same. */
export function checkAccess({ isRoot, videoGroup, nodes }: AccessFacts, captured: boolean): Finding {
  const closed = nodes.flatMap(({ path, isOurs }) => (isOurs ? [] : [path]));
  const finding = {
    check: "access",
    values: { root: isRoot, group_video: videoGroup, nodes: nodes.map(({ path }) => path), no_permission: closed },
  } as const;
  if (nodes.every(({ path }) => path.startsWith(HEAPS))) {
    const sentence = "there is no /dev/video, /dev/media or /dev/v4l-subdev node, so no camera's driver is loaded";
    return { ...finding, level: "unknown", sentence, advice: ["see Boot settings and Cameras"] };
  }
  if (closed.length > 0) {
    const advice = videoGroup === "listed" ? "log out and in again: you are in the group video since" : JOIN;
    return {
      ...finding,
      level: captured ? "warning" : "failure",
      sentence: `no permission to read and write ${nameSome(closed)}`,
      advice: [advice],
    };
  }
  if (isRoot || videoGroup === "member" || videoGroup === "none") {
    const who = isRoot ? "root" : videoGroup === "none" ? "no group video here" : "member of the group video";
    return { ...finding, level: "ok", sentence: `all ${nodes.length} nodes can be used (${who})`, advice: [] };
  }
  // A desktop's session lends its nodes to who sits at it, and takes them back.
  const sentence =
    "all nodes can be used, but not as a member of the group video: a service or ssh may be refused them";
  return { ...finding, level: "warning", sentence, advice: [JOIN] };
}

function nodesIn(files: MachineFiles, folder: string, name: RegExp): string[] {
  return (files.names(folder) ?? []).flatMap((node) => (name.test(node) ? [`${folder}/${node}`] : []));
}
