import { dirname, join } from "node:path";
import type { MachineFiles } from "./machine-files.ts";

/** `key=value` of config.txt, in sections that hold for the board, or may hold. */
interface BootLine {
  readonly key: string;
  readonly value: string;
  /** Filters above it of which nobody here can tell whether they hold, e.g. `[gpio4=1]`; empty: the line counts. */
  readonly unsure: string;
  /** From a file that config.txt includes. */
  readonly isIncluded: boolean;
}

/**
 * What the firmware reads from `path`, with the files that it includes in their place (Raspberry Pi documentation,
 * config.txt, "include" and "Conditional filters"). `sections`: model filters that hold for the board; empty: not known.
 */
export function readBootLines(files: MachineFiles, path: string, sections: readonly string[]): BootLine[] {
  const filters = new Filters(sections);
  const seen = new Set<string>();
  const linesOf = (file: string): BootLine[] => {
    // Once is enough to know what it says, and a file that includes itself comes to an end.
    if (seen.has(file)) return [];
    seen.add(file);
    return (files.read(file) ?? "").split("\n").flatMap((line) => {
      const filter = /^\s*\[(.*)\]/.exec(line)?.[1];
      if (filter !== undefined) filters.meet(filter.trim().toLowerCase());
      if (filters.areWrong) return [];
      const included = /^\s*include\s+(\S+)/.exec(line)?.[1];
      if (included !== undefined) return linesOf(join(dirname(path), included));
      const [, key, value] = /^\s*(\w+)\s*=\s*([^#\s]+)/.exec(line) ?? [];
      if (key === undefined || value === undefined) return [];
      return { key, value, unsure: filters.unsure, isIncluded: file !== path };
    });
  };
  return linesOf(path);
}

/** Filters of one kind replace each other, those of different kinds have to hold together, and `[all]` ends them all. */
class Filters {
  readonly #sections: readonly string[];
  /** Those that are not known to hold, by kind. */
  readonly #doubtful = new Map<string, { readonly filter: string; readonly isWrong: boolean }>();

  constructor(sections: readonly string[]) {
    this.#sections = sections;
  }

  get areWrong(): boolean {
    return [...this.#doubtful.values()].some(({ isWrong }) => isWrong);
  }

  get unsure(): string {
    return [...this.#doubtful.values()].map(({ filter }) => `[${filter}]`).join(" ");
  }

  meet(filter: string): void {
    if (filter === "all") this.#doubtful.clear();
    else if (filter === "none") this.#doubtful.set("model", { filter, isWrong: true });
    // A machine that is up and asks was not started to try an update once.
    else if (filter === "tryboot") this.#doubtful.set("tryboot", { filter, isWrong: true });
    else if (!/^(pi|cm)\d/.test(filter))
      this.#doubtful.set(filter.split(/[^a-z]/)[0] ?? "", { filter, isWrong: false });
    else if (this.#sections.includes(filter)) this.#doubtful.delete("model");
    else this.#doubtful.set("model", { filter, isWrong: this.#sections.length > 0 });
  }
}
