import type { VideoCodec } from "../../../src/recording/video-encoder.ts";
import { SETTINGS } from "../cost/contender.ts";

/** So few that there is room for them at the largest size. */
export const CLIP_FRAMES = 16;
/**
 * Bit/s, such that a pixel has as many bits at any size and rate as one of SETTINGS has at 1456x1088: else large pictures are
 * coarser, and cost less.
 */
export function bitrateFor(
  { width, height }: { readonly width: number; readonly height: number },
  frameRate: number = SETTINGS.frameRate,
): number {
  return Math.round((SETTINGS.bitrate * width * height * frameRate) / (1456 * 1088 * SETTINGS.frameRate));
}

export const CODEC_WORDS: Record<VideoCodec, string> = { h264: "H.264", mjpeg: "MJPEG" };
