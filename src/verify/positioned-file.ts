import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { messageOf } from "../errors.ts";
import { UnreadableFileError } from "./unreadable-file-error.ts";

/** `peek` reads ahead as much as this where the places lie near one another, as a picture's slices do … */
const WINDOW_BYTES = 65_536;
/** … which is where reading over what is between them takes less time than reads of their own. */
const NEAR_BYTES = 8192;
const FAR_BYTES = 512;

/**
 * A file read at positions, synchronously: a recording has some hundred thousand places to look at, and an asynchronous
 * read costs ten times as much as the read itself. Every failure is an UnreadableFileError.
 */
export class PositionedFile implements Disposable {
  readonly path: string;
  readonly byteCount: number;
  readonly #descriptor: number;
  readonly #window = new Uint8Array(WINDOW_BYTES);
  #windowAt = 0;
  #windowBytes = 0;
  #isOpen = true;

  constructor(path: string) {
    this.path = path;
    // Without O_NONBLOCK, opening a FIFO would wait for somebody to write to it.
    this.#descriptor = attempt(path, () => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
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
    if (readBytes < byteCount) throw new UnreadableFileError(`${this.path} ends at byte ${at + readBytes}, being read`);
    return bytes;
  }

  /** Like `read` for at most 512 bytes, without a copy. Borrowed: valid until the next `peek`. */
  peek(at: number, byteCount: number): Uint8Array {
    const windowEnd = this.#windowAt + this.#windowBytes;
    if (at < this.#windowAt || at + byteCount > windowEnd) {
      const isNear = at >= this.#windowAt && at < windowEnd + NEAR_BYTES;
      const wanted = this.#window.subarray(0, isNear ? WINDOW_BYTES : FAR_BYTES);
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
    const reason = messageOf(cause);
    throw new UnreadableFileError(`${path} cannot be read: ${reason}`, { cause });
  }
}
