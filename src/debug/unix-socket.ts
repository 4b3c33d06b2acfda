import { lstatSync, unlinkSync } from "node:fs";
import { connect } from "node:net";
import { systemErrorCode } from "../system-error.ts";

/** Only the user that the module runs as. */
const UMASK = 0o177;

/**
 * Removes a socket that a process left behind when it was killed. Throws what a listener would say of a path that is
 * taken: `EADDRINUSE` where somebody answers there, or where it is no socket at all.
 */
export async function removeStaleSocket(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw taken("something that is no socket lies there");
  if (await answers(path)) throw Object.assign(taken("another program listens there"), { code: "EADDRINUSE" });
  unlinkSync(path);
}

/** Calls `listen` so that sockets which it makes are this user's alone, from their first moment on. */
export function listenPrivately<Server>(listen: () => Server): Server {
  const before = process.umask(UMASK);
  try {
    return listen();
  } finally {
    process.umask(before);
  }
}

/** Throws what is neither an answer nor the lack of one. */
async function answers(path: string): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const socket = connect({ path });
  socket.once("connect", () => resolve(true));
  socket.once("error", (error) => {
    if (systemErrorCode(error) === "ECONNREFUSED") resolve(false);
    else reject(error);
  });
  return await promise.finally(() => socket.destroy());
}

function taken(message: string): Error {
  return new Error(message);
}
