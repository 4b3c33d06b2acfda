import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { UnreadableFileError } from "./unreadable-file-error.ts";

/** What `peek` reads at once: much where the last place was near, little where the places lie far apart. */
const WINDOW_BYTES_NEAR = 32_768;
const WINDOW_BYTES_FAR = 512;

/**
 * A file read at positions, synchronously: a recording has some hundred thousand places to look at, and an asynchronous
 * read costs ten times as much as the read itself. Every failure is an UnreadableFileError.
 */
export class PositionedFile implements Disposable {
  readonly path: string;
  readonly byteCount: number;
  readonly #descriptor: number;
  readonly #window = new Uint8Array(WINDOW_BYTES_NEAR);
  #windowAt = 0;
  #windowBytes = 0;
  #isOpen = true;

  constructor(path: string) {
    this.path = path;
    this.#descriptor = attempt(path, () => openSync(path, "r"));
    const status = attempt(path, () => fstatSync(this.#descriptor));
    this.byteCount = status.size;
    if (!status.isFile()) {
      this[Symbol.dispose]();
      throw new UnreadableFileError(`${path} is not a file`);
    }
  }

  /** The bytes from `at` on, as a copy; all of them must lie inside the file. */
  read(at: number, byteCount: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(byteCount);
    const readBytes = this.#fill(bytes, at);
    if (readBytes < byteCount)
      throw new UnreadableFileError(`${this.path} ends at byte ${at + readBytes} while being read`);
    return bytes;
  }

  /** Like `read` for at most 512 bytes, without a copy. Borrowed: valid until the next `peek`. */
  peek(at: number, byteCount: number): Uint8Array {
    const windowEnd = this.#windowAt + this.#windowBytes;
    if (at < this.#windowAt || at + byteCount > windowEnd) {
      const isNear = at >= this.#windowAt && at < windowEnd + WINDOW_BYTES_NEAR;
      const wanted = this.#window.subarray(0, isNear ? WINDOW_BYTES_NEAR : WINDOW_BYTES_FAR);
      this.#windowAt = at;
      this.#windowBytes = this.#fill(wanted, at);
      if (this.#windowBytes < byteCount) throw new UnreadableFileError(`${this.path} became shorter while being read`);
    }
    return this.#window.subarray(at - this.#windowAt, at - this.#windowAt + byteCount);
  }

  [Symbol.dispose](): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.#descriptor);
  }

  /** Reads until `bytes` is full or the file ends; returns how many it got. */
  #fill(bytes: Uint8Array, at: number): number {
    let filled = 0;
    while (filled < bytes.byteLength) {
      const got = attempt(this.path, () =>
        readSync(this.#descriptor, bytes, filled, bytes.byteLength - filled, at + filled),
      );
      if (got === 0) break;
      filled += got;
    }
    return filled;
  }
}

function attempt<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnreadableFileError(`${path} cannot be read: ${reason}`, { cause });
  }
}
