import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { TemporaryDirectory } from "./temporary-directory.ts";

/** A real pipe with both ends in our hands: a named one, as Bun makes no others. Nobody reads unless the test does. */
export class Pipe implements Disposable {
  readonly #directory = new TemporaryDirectory();
  readonly #path = this.#directory.file("pipe");
  readonly #readFd: number;
  /** Blocking, like the stdout that a host hands to its child. */
  readonly writeFd: number;
  #reader: "open" | "closed" = "open";

  constructor() {
    const { exitCode } = Bun.spawnSync(["mkfifo", this.#path]);
    if (exitCode !== 0) throw new Error(`mkfifo ended with ${exitCode}`);
    this.#readFd = openSync(this.#path, constants.O_RDONLY | constants.O_NONBLOCK);
    this.writeFd = openSync(this.#path, constants.O_WRONLY);
  }

  /** What is in the pipe, up to `bytesMax`. */
  read(bytesMax = 65536): string {
    const bytes = Buffer.alloc(bytesMax);
    try {
      return bytes.toString("latin1", 0, readSync(this.#readFd, bytes));
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "EAGAIN") return "";
      throw error;
    }
  }

  /** Puts `byte` in until there is no room; returns how many. */
  fill(byte: string): number {
    const fd = openSync(this.#path, constants.O_WRONLY | constants.O_NONBLOCK);
    let byteCount = 0;
    try {
      for (;;) byteCount += writeSync(fd, byte.repeat(4096));
    } catch {
      return byteCount;
    } finally {
      closeSync(fd);
    }
  }

  closeReader(): void {
    if (this.#reader === "open") closeSync(this.#readFd);
    this.#reader = "closed";
  }

  [Symbol.dispose](): void {
    this.closeReader();
    closeSync(this.writeFd);
    this.#directory[Symbol.dispose]();
  }
}
