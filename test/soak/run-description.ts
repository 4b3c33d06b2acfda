import { readFileSync } from "node:fs";
import { availableParallelism, getPriority } from "node:os";
import { describeMachine } from "../bench/cost/machine.ts";
import { ProcessorLoad } from "../bench/cost/processor-load.ts";

/** Where and when a run was: name and value of each thing worth knowing. */
export type RunDescription = readonly (readonly [string, string])[];

/** Watches what else the machine does, from now on. */
export class RunWitness {
  readonly #startedAt = new Date();
  readonly #loadBefore = loadAverages();
  readonly #load = new ProcessorLoad();

  /** To be asked once the programs that it started have ended: their processor time is known then. */
  async describe(): Promise<RunDescription> {
    const share = `${(100 * this.#load.othersShare()).toFixed(1)} % of all processors`;
    return [
      ["machine", describeMachine()],
      ["cores", String(availableParallelism())],
      ["began", this.#startedAt.toISOString()],
      ["ended", new Date().toISOString()],
      ["commit", await commit()],
      ["Bun", Bun.version],
      ["nice value", `${getPriority()}${autogroup()}`],
      ["load averages (1, 5, 15 min)", `${this.#loadBefore} before, ${loadAverages()} after`],
      ["other programs took", share],
    ];
  }
}

function loadAverages(): string {
  return readFileSync("/proc/loadavg", "utf8").split(" ").slice(0, 3).join(" ");
}

/**
 * Where sessions are scheduled as groups (sched(7)), a nice value counts within its session only: beside other sessions it is
 * the group's that counts.
 */
function autogroup(): string {
  try {
    const group = /nice (-?\d+)/.exec(readFileSync("/proc/self/autogroup", "utf8"))?.[1];
    return group === undefined ? "" : `, ${group} of its session`;
  } catch {
    return "";
  }
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
