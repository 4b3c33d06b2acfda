import { join } from "node:path";
import { type Clip, clipFormat, makeClip } from "../bench/cost/clip.ts";
import { replayOptions } from "../bench/cost/contenders/module.ts";
import type { SoakOptions } from "./options.ts";

const CLIP_FRAMES = 60;
/** Of rows, in bytes. */
const ALIGNMENT = 64;

/** The options of what frames come from: a made-up camera, or a file that is played as fast as is recorded. */
export async function cameraOptions(options: SoakOptions, folder: string): Promise<string[]> {
  const { width, height, frameRate, isAccelerated } = options;
  const rates = ["--capture-fps", `${frameRate}`, "--record-fps", `${frameRate}`];
  if (!isAccelerated) return ["--source", "synthetic", "--size", `${width}x${height}`, ...rates];
  const stride = Math.ceil(width / ALIGNMENT) * ALIGNMENT;
  const clip: Clip = await makeClip(join(folder, "clip.yuv"), clipFormat(width, height, stride), CLIP_FRAMES);
  return [...replayOptions(clip, "free"), ...rates];
}
