import { recordingPaths } from "./recording-paths.ts";

/** The timing file that belongs to a video: `X.mp4`: `X_timing.csv`. */
export function timingPath(videoPath: string): string {
  return recordingPaths(videoPath).timing;
}
