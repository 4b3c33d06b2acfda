import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { describeMachine } from "../bench/cost/machine.ts";
import { ProcessorLoad, type TakenByOthers } from "../bench/cost/processor-load.ts";
import { sourceCommit } from "../support/source-commit.ts";
import { fileSystemOf } from "./file-system.ts";
import { ownScheduling } from "./scheduling.ts";

/** Where and when a run was: name and value of each thing worth knowing. */
export type RunDescription = readonly (readonly [string, string])[];

/** Watches what else the machine does, from now on. */
export class RunWitness {
  readonly #startedAt = new Date();
  /** What is loaded now is what runs, whatever is committed meanwhile. */
  readonly #commit = sourceCommit();
  readonly #loadBefore = loadAverages();
  readonly #load = new ProcessorLoad();

  /**
   * To be asked once the programs that it started have ended: their processor time is known then. `folder`: what was recorded
   * lies there, or lay.
   */
  describe(folder: string): RunDescription {
    return [
      ["machine", describeMachine()],
      ["cores", String(availableParallelism())],
      ["began", this.#startedAt.toISOString()],
      ["ended", new Date().toISOString()],
      ["commit", this.#commit],
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
