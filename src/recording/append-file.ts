import { type BigIntStats, constants } from "node:fs";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { RuntimeError } from "../errors.ts";
import { systemErrorCode } from "../system-error.ts";
import { diskError } from "./disk-error.ts";
import { type Bytes, byteCountOf, piecesAfter, piecesOf } from "./pieces.ts";

/** In one call: IOV_MAX of Linux, see readv(2). */
const PIECES_MAX = 1024;

/** A file that grows. Changes are the caller's to order: one at a time. */
export class AppendFile {
  #path: string;
  readonly #file: FileHandle;
  readonly #identity: BigIntStats;
  #byteCount: number;
  #isSynced = false;
  #closing: Promise<void> | undefined;

  /** Creates the file; rejects with the system's EEXIST where it is there already, never follows a link. */
  static async create(path: string): Promise<AppendFile> {
    const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o644);
    return new AppendFile(path, file, await file.stat({ bigint: true }));
  }

  /** Creates the file; undefined where something has its name already. Throws as `append`. */
  static async createIfFree(path: string): Promise<AppendFile | undefined> {
    try {
      return await AppendFile.create(path);
    } catch (cause) {
      if (systemErrorCode(cause) === "EEXIST") return undefined;
      throw diskError(`cannot create ${path}`, cause);
    }
  }

  /** Opens a file that is there, to go on at its end; rejects with the system's error. */
  static async open(path: string): Promise<AppendFile> {
    const file = await open(path, constants.O_WRONLY);
    return new AppendFile(path, file, await file.stat({ bigint: true }));
  }

  private constructor(path: string, file: FileHandle, identity: BigIntStats) {
    this.#path = path;
    this.#file = file;
    this.#identity = identity;
    this.#byteCount = Number(identity.size);
  }

  get path(): string {
    return this.#path;
  }

  get byteCount(): number {
    return this.#byteCount;
  }

  /** Writes all of it, or throws `disk_full` or `disk_error` and leaves the file as it was. Pieces are not copied together. */
  async append(data: Bytes | string): Promise<void> {
    const bytes = typeof data === "string" ? Buffer.from(data) : data;
    try {
      await this.overwrite(this.#byteCount, bytes);
      this.#byteCount += byteCountOf(bytes);
    } catch (error) {
      await this.takeBack(this.#byteCount);
      throw error;
    }
  }

  /** Writes at `position`, bytes from the file's beginning. Throws as `append`. */
  async overwrite(position: number, bytes: Bytes): Promise<void> {
    this.#isSynced = false;
    let [at, left] = [position, piecesOf(bytes)];
    await this.#attempt("write", async () => {
      while (left.length > 0) {
        const { bytesWritten } = await this.#file.writev(left.slice(0, PIECES_MAX), at);
        at += bytesWritten;
        left = piecesAfter(left, bytesWritten);
      }
    });
  }

  /** fdatasync(2): all that was written so far is on the disk afterwards. Throws as `append`. */
  async datasync(): Promise<void> {
    if (this.#isSynced) return;
    await this.#attempt("sync", () => this.#file.datasync());
    this.#isSynced = true;
  }

  /** Cuts off what lies beyond `byteCount`. Throws as `append`. */
  async truncate(byteCount: number): Promise<void> {
    this.#isSynced = false;
    await this.#attempt("truncate", () => this.#file.truncate(byteCount));
    this.#byteCount = byteCount;
  }

  /** After a failure: forgets what lies beyond `byteCount`, and cuts it off as far as the disk lets us. */
  async takeBack(byteCount: number): Promise<void> {
    this.#byteCount = byteCount;
    this.#isSynced = false;
    await this.#file.truncate(byteCount).catch(() => undefined);
  }

  /** False where none, or another, is at its path: it was removed or moved. */
  async isInPlace(): Promise<boolean> {
    try {
      const { dev, ino } = await stat(this.#path, { bigint: true });
      return dev === this.#identity.dev && ino === this.#identity.ino;
    } catch (error) {
      const code = systemErrorCode(error);
      // What can't be looked at may well be there.
      return code !== "ENOENT" && code !== "ENOTDIR";
    }
  }

  /** Throws `file_gone`, so that nothing is written to where nobody finds it. */
  async checkInPlace(): Promise<void> {
    if (await this.isInPlace()) return;
    throw new RuntimeError("file_gone", `${this.#path} was removed or moved while it was written`);
  }

  /** Renames it, in place of what is at `path`: whoever looks finds the one or the other, whole. Throws as `append`. */
  async moveTo(path: string): Promise<void> {
    await this.#attempt("rename", () => rename(this.#path, path));
    this.#path = path;
  }

  /** Closes it and removes it, whatever was written. Throws the system's error. */
  async remove(): Promise<void> {
    // Where somebody else removed it, what is there now is theirs.
    const isOurs = await this.isInPlace();
    await this.close().catch(() => undefined);
    if (isOurs) await rm(this.#path, { force: true });
  }

  /** Idempotent. What was appended is on the disk afterwards. */
  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    try {
      await this.datasync();
    } finally {
      await this.#file.close();
    }
  }

  async #attempt(what: "write" | "sync" | "truncate" | "rename", act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (cause) {
      throw diskError(`cannot ${what} ${this.#path}`, cause);
    }
  }
}
