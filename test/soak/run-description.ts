import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { describeMachine } from "../bench/cost/machine.ts";
import { ProcessorLoad, type TakenByOthers } from "../bench/cost/processor-load.ts";
import { fileSystemOf } from "./file-system.ts";
import { ownScheduling } from "./scheduling.ts";

/** Where and when a run was: name and value of each thing worth knowing. */
export type RunDescription = readonly (readonly [string, string])[];

/** Watches what else the machine does, from now on. */
export class RunWitness {
  readonly #startedAt = new Date();
  readonly #loadBefore = loadAverages();
  readonly #load = new ProcessorLoad();

  /**
   * To be asked once the programs that it started have ended: their processor time is known then. `folder`: what was recorded
   * lies there, or lay.
   */
  async describe(folder: string): Promise<RunDescription> {
    return [
      ["machine", describeMachine()],
      ["cores", String(availableParallelism())],
      ["began", this.#startedAt.toISOString()],
      ["ended", new Date().toISOString()],
      ["commit", await commit()],
      ["Bun", Bun.version],
      ["file system that was recorded to", fileSystemOf(folder)],
      ["scheduling", ownScheduling()],
      ["load averages (1, 5, 15 min)", `${this.#loadBefore} before, ${loadAverages()} after`],
      ...takenLines(this.#load.taken()),
    ];
  }
}

/** Where a host does not tell what it gave to other machines, steal is 0; it is 0 on a machine that is nobody's guest. */
export function takenLines({ othersShare, stolenShare }: TakenByOthers): RunDescription {
  const words = (share: number): string => `${(100 * share).toFixed(1)} % of all processors`;
  return [
    ["other programs took", words(othersShare)],
    [
      "other machines on its host took",
      stolenShare > 0 ? `${words(stolenShare)} (steal)` : "nothing that it is told of",
    ],
  ];
}

function loadAverages(): string {
  return readFileSync("/proc/loadavg", "utf8").split(" ").slice(0, 3).join(" ");
}

/** Of the sources that ran; a release has none. */
async function commit(): Promise<string> {
  const git = async (...args: string[]): Promise<string | undefined> => {
    try {
      const child = Bun.spawn(["git", ...args], { cwd: import.meta.dir, stdout: "pipe", stderr: "ignore" });
      const text = (await child.stdout.text()).trim();
      return (await child.exited) === 0 ? text : undefined;
    } catch {
      return undefined;
    }
  };
  const revision = await git("rev-parse", "--short=12", "HEAD");
  if (revision === undefined) return "unknown";
  return (await git("status", "--porcelain", "--untracked-files=no")) === "" ? revision : `${revision}, with changes`;
}
