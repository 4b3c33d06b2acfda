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

/** `realTimeRate`: that many frames per second; absent: as fast as it goes, and the encoder is told SETTINGS' rate. */
export async function runFloor(
  { codec, clip, frames, bitrate = SETTINGS.bitrate, turns }: Job,
  outputPath: string,
  realTimeRate?: number,
): Promise<Run> {
  const { width, height, strides } = clip.format;
  const { jpegQuality } = SETTINGS;
  const frameRate = realTimeRate ?? SETTINGS.frameRate;
  const level = levelOf(clip, frameRate, bitrate);
  const numbers = [width, height, strides[0] ?? 0, frames, frameRate, bitrate, level, jpegQuality];
  const pace = realTimeRate === undefined ? "free" : "real-time";
  const command = [PROGRAM, codec, clip.path, ...numbers.map(String), outputPath, pace];
  return { frames, outputPath, ...(await runMeasured(command, turns)) };
}

/** `level_idc`, as the module chooses it. */
export function levelOf({ format: { width, height } }: Clip, framesPerSecond: number, bitsPerSecond: number): number {
  const level = lowestH264Level({ width, height, framesPerSecond, bitsPerSecond, profile: "main" });
  if (level === undefined) throw new Error(`no H.264 level allows ${width}x${height}`);
  return level;
}
