import { constants, fstatSync, openSync, write, writeSync } from "node:fs";
import { systemErrorCode } from "../system-error.ts";

/** How long a write waits before it is tried again, ms: after a full pipe, an interrupted call, a full disk. */
const RETRY_MS = new Map([
  ["EAGAIN", 10],
  ["EINTR", 0],
  ["ENOSPC", 500],
  ["EDQUOT", 500],
]);

/**
 * Writes to a descriptor whose other end is somebody else's, who may stop reading: never blocks the JavaScript thread.
 * One write at a time.
 *
 * A pipe or terminal is opened a second time, as a description of our own that does not block; the host's end keeps its
 * flags. That matters because Bun's thread pool has one thread per core: on two cores, an unread stdout and an unread
 * stderr would hold both and stop all file output. What can't be opened again (a socket, a file) is written by the
 * pool, where only a socket can hold a thread for long.
 */
export class FdWriter {
  readonly #fd: number;
  readonly #writeSome: (bytes: Uint8Array) => Promise<number>;

  constructor(fd: number) {
    const nonBlockingFd = openNonBlocking(fd);
    this.#fd = nonBlockingFd ?? fd;
    this.#writeSome =
      nonBlockingFd === undefined ? (bytes) => this.#writeByPool(bytes) : async (bytes) => writeSync(this.#fd, bytes);
  }

  /**
   * Resolves when all of `bytes` is written, however long the reader takes; the wait alone does not keep the process
   * alive. Rejects with the system's error when the descriptor is of no more use (`EPIPE`, `EBADF` …).
   */
  async write(bytes: Uint8Array): Promise<void> {
    let written = 0;
    while (written < bytes.length) {
      try {
        written += await this.#writeSome(bytes.subarray(written));
      } catch (error) {
        const retryMs = RETRY_MS.get(systemErrorCode(error) ?? "");
        if (retryMs === undefined) throw error;
        await new Promise<void>((resolve) => setTimeout(resolve, retryMs).unref());
      }
    }
  }

  #writeByPool(bytes: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) => {
      write(this.#fd, bytes, (error, byteCount) => (error ? reject(error) : resolve(byteCount)));
    });
  }
}

/** A second, non-blocking description of a pipe or terminal (proc_pid_fd(5)); undefined where there can be none. */
function openNonBlocking(fd: number): number | undefined {
  try {
    const status = fstatSync(fd);
    if (!status.isFIFO() && !status.isCharacterDevice()) return undefined;
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return undefined;
  }
}
