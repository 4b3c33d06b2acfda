import { readdirSync } from "node:fs";
import type { ModuleSnapshot } from "../../src/telemetry/module-snapshot.ts";
import { cpuSeconds, residentBytes } from "../support/process-usage.ts";
import type { Sample } from "./sample.ts";

const EVERY_MS = 1000;

type Delays = ModuleSnapshot["process"]["event_loop_delay_ms"];

/** Looks at a module's process once a second, from the system's side; what its event loop does it is told. */
export class Sampler implements Disposable {
  readonly samples: Sample[] = [];
  /** The trial that samples are of, from now on. */
  trial = 0;
  readonly #pid: number;
  readonly #startMs = performance.now();
  readonly #timer = setInterval(() => this.#take(), EVERY_MS);
  #cpuSeconds: number;
  #takenMs = this.#startMs;
  /** Since the last sample. */
  #delays: Delays[] = [];

  constructor(pid: number) {
    this.#pid = pid;
    this.#cpuSeconds = cpuSeconds(pid);
  }

  /** The module says how late its timers were. */
  tell(delays: Delays): void {
    this.#delays.push(delays);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #take(): void {
    const nowMs = performance.now();
    let seen: Pick<Sample, "residentBytes" | "descriptors" | "threads"> & { usedSeconds: number };
    try {
      seen = {
        residentBytes: residentBytes(this.#pid),
        ...countOpen(this.#pid),
        usedSeconds: cpuSeconds(this.#pid),
      };
    } catch {
      return; // The module has ended, and who runs it will hear of that.
    }
    const { usedSeconds, ...rest } = seen;
    const delays = this.#delays;
    this.samples.push({
      seconds: (nowMs - this.#startMs) / 1000,
      trial: this.trial,
      ...rest,
      cpuPercent: (100_000 * (usedSeconds - this.#cpuSeconds)) / (nowMs - this.#takenMs),
      delayMeanMs: delays.length === 0 ? undefined : delays.reduce((sum, { mean }) => sum + mean, 0) / delays.length,
      delayMaxMs: delays.length === 0 ? undefined : Math.max(...delays.map(({ max }) => max)),
    });
    this.#delays = [];
    [this.#takenMs, this.#cpuSeconds] = [nowMs, usedSeconds];
  }
}

function countOpen(pid: number): { descriptors: number; threads: number } {
  return { descriptors: readdirSync(`/proc/${pid}/fd`).length, threads: readdirSync(`/proc/${pid}/task`).length };
}
