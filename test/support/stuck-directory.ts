import { dlopen } from "bun:ffi";
import { closeSync, openSync } from "node:fs";
import { TemporaryDirectory } from "../log/temporary-directory.ts";

const { symbols: libc } = dlopen("libc.so.6", {
  mount: { args: ["cstring", "cstring", "cstring", "u64", "cstring"], returns: "i32" },
  umount2: { args: ["cstring", "i32"], returns: "i32" },
});

// sys/mount.h
const MNT_DETACH = 2;

/**
 * A file system that answers nothing: whoever opens a file in it is kept by the kernel until `unstick()`, and gets an
 * error then. What a driver that does not return is to an encoder's thread. Never to be opened by this thread. Needs the
 * right to mount.
 */
export class StuckDirectory implements Disposable {
  readonly #directory = new TemporaryDirectory();
  #fd = openSync("/dev/fuse", "r+");

  constructor() {
    const options = `fd=${this.#fd},rootmode=40000,user_id=0,group_id=0`;
    if (libc.mount(cString("stuck"), cString(this.#directory.path), cString("fuse"), 0, cString(options)) === 0) return;
    closeSync(this.#fd);
    this.#directory[Symbol.dispose]();
    throw new Error("no file system could be mounted");
  }

  file(name: string): string {
    return this.#directory.file(name);
  }

  /** Idempotent. */
  unstick(): void {
    if (this.#fd >= 0) closeSync(this.#fd);
    this.#fd = -1;
  }

  [Symbol.dispose](): void {
    this.unstick();
    libc.umount2(cString(this.#directory.path), MNT_DETACH);
    this.#directory[Symbol.dispose]();
  }
}

/** Whether this process may have one. */
export const mayStickDirectory: boolean = (() => {
  try {
    new StuckDirectory()[Symbol.dispose]();
    return true;
  } catch {
    return false;
  }
})();

function cString(text: string): Buffer {
  return Buffer.from(`${text}\0`);
}
