import { join, resolve } from "node:path";
import { MODULE_NAME } from "../../src/recording/recording-names.ts";
import type { Said } from "./dialogue.ts";

type Payload = Readonly<Record<string, unknown>>;

/** Puts session directories below a folder, each where it would be below `/`: nothing is written where it was recorded. */
export class SessionPaths {
  /** Absolute. */
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  redirect(directory: string): string {
    return join(this.root, resolve("/", directory));
  }

  /** The command's fields with another `session_dir`, where it has one. */
  redirectCommand(payload: Payload): Payload {
    const { session_dir: directory } = payload;
    // An empty one is refused, and is to be.
    if (typeof directory !== "string" || directory === "") return payload;
    return { ...payload, session_dir: this.redirect(directory) };
  }

  /** A path of the replayed program as it would be without redirection; no path where it lies elsewhere. */
  original(path: string): string {
    return path.startsWith(`${this.root}/`) ? path.slice(this.root.length) : `not below ${this.root}: ${path}`;
  }
}

/** The session directory of a path that a status names; undefined where it lies in none. */
export function sessionDirOf(path: string): string | undefined {
  const at = path.lastIndexOf(`/${MODULE_NAME}/`);
  return at < 0 ? undefined : path.slice(0, at) || "/";
}

/** The paths of files that a status names. */
export function pathsIn({ payload }: Said): string[] {
  return [payload["video_path"], payload["path"]].filter((path) => typeof path === "string");
}
