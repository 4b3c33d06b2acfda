import { openSync, readSync, closeSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Contender, Job, Run } from "./contender.ts";
import { floor, runFloor } from "./contenders/floor.ts";
import { module } from "./contenders/module.ts";
import { runInFolder } from "./rounds.ts";

/** x264 writes its settings into the stream, within the first picture. */
const LOOKED_THROUGH_BYTES = 1 << 20;

interface Look {
  readonly frames: number;
  readonly kilobytesPerFrame: number;
  /** x264's own words, by name; empty for MJPEG. */
  readonly settings: ReadonlyMap<string, string>;
}

/**
 * Whether all contenders do the same work: bytes per picture, and for H.264 what x264 itself says of its settings. One
 * sentence each. The module does not stop on the dot, and a key picture more or less counts much in so few: it goes first,
 * and the others encode as many. The runs warm up what the machine caches.
 */
export async function compareWork(contenders: readonly Contender[], job: Job): Promise<string[]> {
  const looks = new Map<Contender, Look>();
  let { frames } = job;
  for (const contender of [...contenders].sort((a, b) => Number(b === module) - Number(a === module))) {
    const writing: Contender =
      contender === floor
        ? { ...floor, run: (given) => runFloor(given, join(given.folder, "floor.stream")) }
        : contender;
    await runInFolder(writing, { ...job, frames }, (run) => {
      looks.set(contender, lookAt(run));
      if (contender === module) ({ frames } = run);
    });
  }
  const reference = looks.get(floor);
  if (reference === undefined) throw new Error("the floor is no contender");
  return [...looks].map(([{ name }, look]) => {
    const settings = job.codec === "mjpeg" ? "" : `, x264's settings ${likeness(reference.settings, look.settings)}`;
    return `${job.codec} ${name}: ${look.kilobytesPerFrame.toFixed(1)} kB a picture of ${look.frames}${settings}`;
  });
}

function lookAt({ outputPath, frames }: Run): Look {
  const file = openSync(outputPath, "r");
  const start = Buffer.alloc(LOOKED_THROUGH_BYTES);
  const length = readSync(file, start, 0, start.length, 0);
  closeSync(file);
  return {
    frames,
    kilobytesPerFrame: statSync(outputPath).size / frames / 1000,
    settings: x264Settings(start.subarray(0, length)),
  };
}

/** What x264 says of itself in the stream's first SEI message (user_data_unregistered). */
export function x264Settings(bytes: Uint8Array): Map<string, string> {
  const text = Buffer.from(bytes).toString("latin1");
  const options = /x264 - core [ -~]*? - options: ([ -~]+)/.exec(text)?.[1] ?? "";
  const words = options.split(" ").filter((word) => word.includes("="));
  return new Map(words.map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]));
}

/** Whether x264's settings are the floor's, in words. */
export function likeness(expected: ReadonlyMap<string, string>, got: ReadonlyMap<string, string>): string {
  if (expected.size === 0 || got.size === 0) return "not known";
  const names = new Set([...expected.keys(), ...got.keys()]);
  const differing = [...names].filter((name) => expected.get(name) !== got.get(name));
  const words = differing.map((name) => `${name} ${got.get(name) ?? "none"} (${expected.get(name) ?? "none"})`);
  return words.length === 0 ? "the floor's" : `differ: ${words.join(", ")}`;
}
