import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { diskError } from "./disk-error.ts";

/** A new file that grows. Writes are the caller's to order: one at a time. */
export class AppendFile {
  readonly path: string;
  readonly #file: FileHandle;
  #byteCount = 0;
  #closing: Promise<void> | undefined;

  /** Creates the file; rejects with the system's EEXIST where it is there already, never follows a link. */
  static async create(path: string): Promise<AppendFile> {
    return new AppendFile(path, await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o644));
  }

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
  }

  get byteCount(): number {
    return this.#byteCount;
  }

  /** Writes all of it, or throws `disk_full` or `disk_error` and leaves the file as it was. */
  async append(data: Uint8Array | string): Promise<void> {
    const bytes = typeof data === "string" ? Buffer.from(data) : data;
    try {
      await this.overwrite(this.#byteCount, bytes);
      this.#byteCount += bytes.length;
    } catch (error) {
      await this.truncate(this.#byteCount);
      throw error;
    }
  }

  /** Writes at `position`, bytes from the file's beginning. Throws as `append`. */
  async overwrite(position: number, bytes: Uint8Array): Promise<void> {
    let written = 0;
    try {
      while (written < bytes.length) {
        const { bytesWritten } = await this.#file.write(bytes, written, bytes.length - written, position + written);
        written += bytesWritten;
      }
    } catch (cause) {
      throw diskError(`cannot write ${this.path}`, cause);
    }
  }

  /** Takes back what lies beyond `byteCount`, as far as the disk lets us. */
  async truncate(byteCount: number): Promise<void> {
    this.#byteCount = byteCount;
    await this.#file.truncate(byteCount).catch(() => undefined);
  }

  /** Idempotent. What was appended is on the disk afterwards. */
  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    try {
      await this.#file.datasync();
    } catch (cause) {
      throw diskError(`cannot write ${this.path} to the disk`, cause);
    } finally {
      await this.#file.close();
    }
  }
}
