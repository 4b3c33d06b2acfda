import { mkdtempSync, rmSync, statfsSync } from "node:fs";
import { freemem, tmpdir } from "node:os";
import { join } from "node:path";

const IN_MEMORY = "/dev/shm";

/** A folder for the clip and for what is recorded of it, removed at the end, also by Ctrl-C. */
export class RunFolder implements Disposable {
  readonly path: string;
  /** Files in it lie in memory: neither a disk's speed nor what the system keeps cached plays a part. */
  readonly isInMemory: boolean;
  readonly #onSignal = () => {
    this[Symbol.dispose]();
    process.exit(130);
  };

  /** In memory where `bytesNeeded` have room there twice over, else in the system's folder for temporary files. */
  constructor(bytesNeeded: number) {
    this.isInMemory = freeBytes(IN_MEMORY) >= 2 * bytesNeeded;
    this.path = mkdtempSync(join(this.isInMemory ? IN_MEMORY : tmpdir(), "csi-camera-bench-"));
    process.once("SIGINT", this.#onSignal).once("SIGTERM", this.#onSignal);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  [Symbol.dispose](): void {
    process.off("SIGINT", this.#onSignal).off("SIGTERM", this.#onSignal);
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** 0 where there is no such file system. A file system in memory may be larger than what memory there is. */
function freeBytes(path: string): number {
  try {
    const { bavail, bsize } = statfsSync(path);
    return Math.min(bavail * bsize, freemem());
  } catch {
    return 0;
  }
}
