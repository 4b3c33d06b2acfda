import { join } from "node:path";
import { lowestH264Level } from "../../../../src/recording/h264/h264-level.ts";
import { runTool } from "../../../support/run-tool.ts";
import type { Clip } from "../clip.ts";
import { type Contender, type Job, type Run, SETTINGS } from "../contender.ts";
import { runMeasured } from "../run-measured.ts";

const SOURCES = join(import.meta.dir, "../floor");
const PROGRAM = join(import.meta.dir, "../../../../shim/build/test/bench-floor");

/** libx264 or libturbojpeg in a loop, writing nothing: nobody that encodes these pictures with them can cost less. */
export const floor: Contender = {
  name: "floor",
  missing: undefined,
  async run(job) {
    return await runFloor(job, "/dev/null");
  },
};

export async function buildFloor(): Promise<void> {
  await runTool("flock", join(SOURCES, "Makefile"), "make", "-C", SOURCES, "-s");
}

export async function runFloor({ codec, clip, frames }: Job, outputPath: string): Promise<Run> {
  const { width, height, strides } = clip.format;
  const { frameRate, bitrate, jpegQuality } = SETTINGS;
  const numbers = [width, height, strides[0] ?? 0, frames, frameRate, bitrate, levelOf(clip), jpegQuality];
  const command = [PROGRAM, codec, clip.path, ...numbers.map(String), outputPath];
  return { frames, outputPath, ...(await runMeasured(command)) };
}

/** `level_idc`, as the module chooses it. */
export function levelOf({ format: { width, height } }: Clip): number {
  const { frameRate: framesPerSecond, bitrate: bitsPerSecond } = SETTINGS;
  const level = lowestH264Level({ width, height, framesPerSecond, bitsPerSecond, profile: "main" });
  if (level === undefined) throw new Error(`no H.264 level allows ${width}x${height}`);
  return level;
}
