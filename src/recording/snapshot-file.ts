import { join } from "node:path";
import { RuntimeError } from "../errors.ts";
import { AppendFile } from "./append-file.ts";
import { type CameraPlace, makeCameraFolder } from "./camera-folder.ts";
import { sessionRoot, sessionToken, snapshotStem } from "./recording-names.ts";

const ATTEMPTS_MAX = 10_000;

/**
 * Writes a picture beside the camera's recordings and tells its path; it is on the disk then. `localTime`: when, as it
 * goes into the name. Never touches a file that is there. Throws as makeCameraFolder(), else `disk_full` or `disk_error`,
 * and leaves nothing behind.
 */
export async function writeSnapshot(place: CameraPlace, localTime: string, jpeg: Uint8Array): Promise<string> {
  const folder = await makeCameraFolder(place);
  const token = sessionToken(sessionRoot(place.sessionDir));
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const path = join(folder, `${snapshotStem(token, localTime, place.cameraLabel, attempt)}.jpg`);
    const file = await AppendFile.createIfFree(path);
    if (file === undefined) continue;
    try {
      await file.append(jpeg);
      await file.close();
      return path;
    } catch (error) {
      await file.remove().catch(() => undefined);
      throw error;
    }
  }
  throw new RuntimeError("disk_error", `${folder} holds ${ATTEMPTS_MAX} snapshots of ${localTime} already`);
}
