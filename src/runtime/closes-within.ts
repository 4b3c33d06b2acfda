import { setTimeout as delay } from "node:timers/promises";
import type { FrameSource } from "../capture/frame-source.ts";

/** A host gives its child two seconds to go; the camera is free anyway once the process is gone. */
export const CLOSE_AT_EXIT_MS = 1000;

/**
 * False where the source is not closed after `timeoutMs`, or a second after `signal` aborted: a camera that does not
 * close must not hold up the host. It goes on closing.
 */
export async function closesWithin(source: FrameSource, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
  const closed = source.close().then(
    () => true,
    () => false,
  );
  // Whoever is to stop has less time.
  const tooLate = delay(timeoutMs, false, { ref: false, signal }).catch(() =>
    delay(CLOSE_AT_EXIT_MS, false, { ref: false }),
  );
  return await Promise.race([closed, tooLate]);
}
