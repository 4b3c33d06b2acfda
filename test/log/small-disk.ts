import { TemporaryDirectory } from "./temporary-directory.ts";

/** A file system in memory that is soon full. Needs the right to mount. */
export class SmallDisk implements Disposable {
  readonly #directory = new TemporaryDirectory();
  readonly path = this.#directory.path;

  /** `size` as mount takes it: `64k`. */
  constructor(size: string) {
    try {
      run("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", this.path);
    } catch (error) {
      this.#directory[Symbol.dispose]();
      throw error;
    }
  }

  resize(size: string): void {
    run("mount", "-o", `remount,size=${size}`, this.path);
  }

  [Symbol.dispose](): void {
    run("umount", this.path);
    this.#directory[Symbol.dispose]();
  }
}

function run(...command: string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(command);
  if (exitCode !== 0) throw new Error(`${command.join(" ")}: ${stderr.toString()}`);
}

/** Whether this process may mount: root may, except in most containers. */
export const mayMount = (() => {
  try {
    new SmallDisk("64k")[Symbol.dispose]();
    return true;
  } catch {
    return false;
  }
})();
