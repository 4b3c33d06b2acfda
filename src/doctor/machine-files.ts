import { accessSync, constants, existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** How long a program of the machine may take to answer, ms. */
const ANSWER_MS = 2000;

/** The files by which a machine tells of itself (/proc, /sys, /dev, /boot), below any folder. What can't be read is undefined. */
export class MachineFiles {
  readonly #root: string;

  constructor(root = "/") {
    this.#root = root;
  }

  /** A file's text without what ends it: line feeds, and the NUL of a device tree's. */
  read(path: string): string | undefined {
    return attempt(() => readFileSync(this.#in(path), "utf8").replace(/[\0\s]+$/, ""));
  }

  exists(path: string): boolean {
    return existsSync(this.#in(path));
  }

  /** Names of what is in a folder, sorted by number where they end in one. */
  names(folder: string): readonly string[] | undefined {
    return attempt(() => readdirSync(this.#in(folder)).toSorted((a, b) => a.localeCompare(b, "en", { numeric: true })));
  }

  /** Where a symbolic link leads, as it says. */
  link(path: string): string | undefined {
    return attempt(() => readlinkSync(this.#in(path)));
  }

  /** This process may read and write it. */
  isOurs(path: string): boolean {
    const isAllowed = attempt(() => {
      accessSync(this.#in(path), constants.R_OK | constants.W_OK);
      return true;
    });
    return isAllowed ?? false;
  }

  /** What a program of this machine prints; undefined where it is not there, fails or does not answer. */
  run(program: string, ...args: readonly string[]): string | undefined {
    return attempt(() => {
      const { stdout, success } = Bun.spawnSync([this.#in(program), ...args], { timeout: ANSWER_MS, stderr: "ignore" });
      return success ? stdout.toString().trim() : undefined;
    });
  }

  #in(path: string): string {
    return join(this.#root, path);
  }
}

function attempt<Value>(look: () => Value): Value | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
