/** The names of the files beside a video `X.mp4`, as paths. */
export interface RecordingPaths {
  /** `X_timing.csv` */
  readonly timing: string;
  /** `X_recording.json` */
  readonly metadata: string;
  /** `X_drops.jsonl` */
  readonly drops: string;
}

export function recordingPaths(videoPath: string): RecordingPaths {
  const stem = videoPath.replace(/\.[^./]*$/, "");
  return { timing: `${stem}_timing.csv`, metadata: `${stem}_recording.json`, drops: `${stem}_drops.jsonl` };
}
