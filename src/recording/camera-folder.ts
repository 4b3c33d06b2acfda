import { mkdir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { messageOf, RuntimeError } from "../errors.ts";
import { systemErrorCode } from "../system-error.ts";
import { MODULE_NAME, sessionRoot } from "./recording-names.ts";

/** Where the files of a camera lie. */
export interface CameraPlace {
  /** Absolute. */
  readonly sessionDir: string;
  readonly cameraLabel: string;
}

/** Makes the folder of a camera's files and tells where it is. Throws `bad_session_dir` where it can't be made or would lie outside of the session. */
export async function makeCameraFolder({ sessionDir, cameraLabel }: CameraPlace): Promise<string> {
  const root = sessionRoot(sessionDir);
  let folder = root;
  try {
    await mkdir(root, { recursive: true });
    for (const name of [MODULE_NAME, cameraLabel]) {
      folder = join(folder, name);
      // Step by step, so that nothing is made where a link inside the session leads out of it.
      await mkdir(folder).catch(unlessItExists);
      if (!(await stat(folder)).isDirectory()) throw new Error("it exists and is no folder");
      if (!(await isInside(folder, root))) {
        throw new RuntimeError(
          "bad_session_dir",
          `${folder} is a link that leads out of the session directory ${root}`,
        );
      }
    }
    return folder;
  } catch (cause) {
    if (cause instanceof RuntimeError) throw cause;
    throw new RuntimeError("bad_session_dir", `cannot make the camera's folder ${folder}: ${messageOf(cause)}`, {
      cause,
    });
  }
}

async function isInside(folder: string, root: string): Promise<boolean> {
  const [realRoot, realFolder] = await Promise.all([realpath(root), realpath(folder)]);
  return realFolder.startsWith(realRoot === sep ? sep : realRoot + sep);
}

function unlessItExists(error: unknown): void {
  if (systemErrorCode(error) !== "EEXIST") throw error;
}
