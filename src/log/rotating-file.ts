import { type FileHandle, mkdir, open, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { LineTarget } from "./buffered-line-sink.ts";
import { systemErrorCode } from "../system-error.ts";

export interface RotatingFileOptions {
  readonly path: string;
  /** Size that a file does not pass, bytes, unless a single append is larger. */
  readonly bytesMax: number;
  /** Files that are kept, the current one among them; at least 2. */
  readonly filesMax: number;
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly device: number;
  readonly inode: number;
}

const NEW_LINE = 0x0a;

/**
 * `path`, its predecessor `path.1`, and so on up to `path.{filesMax − 1}`.
 *
 * Opened at the first append, and again whenever `path` is no longer what was opened: removed, with or without its
 * directory, or rotated by somebody else. So several processes may share a log, and a directory is made again.
 *
 * (The package rotating-file-stream was tried in this place: at a full disk it counts a partly written line as written
 * and destroys itself with all that waits, and it does not see that its directory was removed.)
 */
export class RotatingFile implements LineTarget {
  readonly #options: RotatingFileOptions;
  #file: OpenFile | undefined;

  constructor(options: RotatingFileOptions) {
    this.#options = options;
  }

  async append(lines: Uint8Array): Promise<void> {
    const { bytesMax } = this.#options;
    try {
      let { handle, byteCount } = await this.#current();
      if (byteCount > 0 && byteCount + lines.length > bytesMax) {
        await this.#rotate();
        ({ handle, byteCount } = await this.#current());
      }
      await appendWhole(handle, lines, byteCount);
    } catch (error) {
      await this.close().catch(() => {});
      throw error;
    }
  }

  async close(): Promise<void> {
    const handle = this.#file?.handle;
    this.#file = undefined;
    await handle?.close();
  }

  /** The file that is at `path` now, and its size. */
  async #current(): Promise<{ handle: FileHandle; byteCount: number }> {
    const { path } = this.#options;
    if (this.#file !== undefined) {
      const atPath = await stat(path).catch(ignoreMissing);
      const { handle, device, inode } = this.#file;
      if (atPath?.dev === device && atPath.ino === inode) return { handle, byteCount: atPath.size };
      await this.close();
    }
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(path, "a+");
    const { dev, ino, size } = await handle.stat();
    this.#file = { handle, device: dev, inode: ino };
    return { handle, byteCount: await endTornLine(handle, size) };
  }

  async #rotate(): Promise<void> {
    const { path, filesMax } = this.#options;
    await this.close();
    for (let age = filesMax - 1; age > 0; age--) {
      await rename(age === 1 ? path : `${path}.${age - 1}`, `${path}.${age}`).catch(ignoreMissing);
    }
  }
}

/** All or nothing, as far as the disk allows: what a full disk took of `lines` is cut off again. */
async function appendWhole(handle: FileHandle, lines: Uint8Array, sizeBefore: number): Promise<void> {
  let written = 0;
  try {
    while (written < lines.length) written += (await handle.write(lines, written)).bytesWritten;
  } catch (error) {
    const { size } = await handle.stat();
    // Of another size, it holds another process's lines too.
    if (written > 0 && size === sizeBefore + written) await handle.truncate(sizeBefore);
    throw error;
  }
}

/** A line that a crash or a full disk cut short must not swallow the next one. Returns the file's size, bytes. */
async function endTornLine(handle: FileHandle, size: number): Promise<number> {
  if (size === 0) return 0;
  const last = new Uint8Array(1);
  await handle.read(last, 0, 1, size - 1);
  if (last[0] === NEW_LINE) return size;
  await handle.write(Uint8Array.of(NEW_LINE));
  return size + 1;
}

function ignoreMissing(error: unknown): undefined {
  if (systemErrorCode(error) !== "ENOENT") throw error;
}
