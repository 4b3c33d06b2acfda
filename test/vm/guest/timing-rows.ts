import { existsSync, readFileSync } from "node:fs";

const PATIENCE_MS = 120_000;

/** Waits until a recording's timing file has so many rows. Polls: a 9p file system sends no change events. */
export async function timingRowsAtLeast(videoPath: string, rowsMin: number): Promise<void> {
  const path = videoPath.replace(/\.mp4$/, "_timing.csv");
  const deadline = Date.now() + PATIENCE_MS;
  while (rowCount(path) < rowsMin) {
    if (Date.now() > deadline) {
      throw new Error(`${path} has ${rowCount(path)} rows after ${PATIENCE_MS / 1000} s, expected ${rowsMin}`);
    }
    await Bun.sleep(250);
  }
}

/** Rows without the header. */
function rowCount(path: string): number {
  if (!existsSync(path)) return 0;
  return Math.max(0, readFileSync(path, "utf8").split("\n").length - 2);
}
