import { closeSync } from "node:fs";

/**
 * Calls `onWake` whenever a native library wrote to its wake-up pipe, and resolves when the library closed it. Several
 * bytes may come as one wake-up: the callee takes all events that there are. Owns `fd` and closes it at the end.
 */
export async function followWakePipe(fd: number, onWake: () => void): Promise<void> {
  try {
    for await (const _bytes of Bun.file(fd).stream()) onWake();
  } finally {
    closeSync(fd);
  }
}
