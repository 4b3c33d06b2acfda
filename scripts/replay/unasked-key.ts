import type { Said } from "./dialogue.ts";

/** Both say that the host is gone; which of its pipes tells first is chance. */
const HOST_GONE = ["stdin_end", "host_gone"];

/** What statuses that nobody asked for are compared by: the name, and why. */
export function unaskedKey({ status, payload }: Said): string {
  const why = payload["reason"] ?? payload["code"];
  if (typeof why !== "string") return status;
  return `${status} ${HOST_GONE.includes(why) ? "stdin_end" : why}`;
}
