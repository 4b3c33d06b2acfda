import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { TemporaryDirectory } from "../log/temporary-directory.ts";

/** These programs are not in everybody's. */
const PATH = `${process.env["PATH"]}:/usr/sbin:/sbin`;

/**
 * An ext4 file system of its own, in a file, for the faults that only a kernel makes. Needs the right to mount. To be
 * disposed of after whoever writes to it, who can't even be killed while it is frozen.
 */
export class LoopDisk implements Disposable {
  readonly #directory = new TemporaryDirectory();
  readonly path = this.#directory.file("mounted");

  constructor(megabytes = 64) {
    const image = this.#directory.file("image");
    try {
      writeFileSync(image, "");
      truncateSync(image, megabytes * 1024 * 1024);
      run("mkfs.ext4", "-q", "-F", image);
      run("mkdir", this.path);
      run("mount", "-o", "loop,errors=remount-ro", image, this.path);
    } catch (error) {
      this.#directory[Symbol.dispose]();
      throw error;
    }
  }

  /** Whoever writes waits in the kernel until the result is disposed of; reading goes on (fsfreeze(8)). */
  freeze(): Disposable {
    run("fsfreeze", "--freeze", this.path);
    let isFrozen = true;
    return {
      [Symbol.dispose]: () => {
        if (isFrozen) run("fsfreeze", "--unfreeze", this.path);
        isFrozen = false;
      },
    };
  }

  /** Makes it read-only, open files included, as the kernel does when it finds the file system damaged. */
  turnReadOnly(): void {
    const mount = readFileSync("/proc/mounts", "utf8")
      .split("\n")
      .find((line) => line.split(" ")[1] === this.path);
    const device = basename(mount?.split(" ")[0] ?? "");
    writeFileSync(`/sys/fs/ext4/${device}/trigger_fs_error`, "1");
  }

  [Symbol.dispose](): void {
    run("umount", this.path);
    this.#directory[Symbol.dispose]();
  }
}

function run(...command: string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(command, { env: { ...process.env, PATH } });
  if (exitCode !== 0) throw new Error(`${command.join(" ")}: ${stderr.toString()}`);
}

/** Whether this process may have one; most containers don't let it. */
export const mayLoop: boolean = (() => {
  try {
    new LoopDisk(4)[Symbol.dispose]();
    return true;
  } catch {
    return false;
  }
})();
