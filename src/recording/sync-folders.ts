import { open } from "node:fs/promises";
import { dirname } from "node:path";

/** The folders of a recording: the camera's, CSICameras, the session's, and the one that the session's is in. */
const FOLDERS = 4;

/**
 * Puts a new file's name on the disk, which fdatasync(2) of the file need not do: the entries of the folders that a
 * recording may have made. As far as the system lets us: a folder that may not be read, or a file system that has no
 * such thing, is no reason not to record.
 */
export async function syncFolders(path: string): Promise<void> {
  let folder = path;
  for (let count = 0; count < FOLDERS; count++) {
    folder = dirname(folder);
    await syncFolder(folder).catch(() => undefined);
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
