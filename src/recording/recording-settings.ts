import type { StreamInfo } from "../capture/frame-source.ts";
import type { EncoderChoice } from "./encoders/video-encoder-options.ts";
import type { RecordingPlace } from "./recording-files.ts";
import type { VideoCodec } from "./video-encoder.ts";

/** How to record. */
export interface RecordingSettings {
  readonly codec: VideoCodec;
  readonly encoder: EncoderChoice;
  /** Frames per second to record. */
  readonly recordFps: number;
  /** Frames per second that the camera was asked for; undefined: the record rate. */
  readonly captureFps?: number | undefined;
  /** H.264, bit/s. */
  readonly bitrate: number;
  /** MJPEG, 1..100. */
  readonly jpegQuality: number;
}

/** What is recorded. */
export interface Trial extends RecordingPlace {
  readonly deviceId: string;
  readonly trialLabel: string;
  /** Of the command that begins the recording. */
  readonly startCommandId: string | null;
}

/** Frames per second that the encoder will get: no more than the camera gives. */
export function recordedRate({ frameDurationNs }: StreamInfo, { recordFps }: RecordingSettings): number {
  return frameDurationNs > 0 ? Math.min(recordFps, 1e9 / frameDurationNs) : recordFps;
}
