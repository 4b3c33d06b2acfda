import type { EncoderChoice } from "./encoders/video-encoder-options.ts";
import type { RecordingPlace } from "./recording-files.ts";
import type { VideoCodec } from "./video-encoder.ts";

/** How to record. */
export interface RecordingSettings {
  readonly codec: VideoCodec;
  readonly encoder: EncoderChoice;
  /** Frames per second to record. */
  readonly recordFps: number;
  /** H.264, bit/s. */
  readonly bitrate: number;
  /** MJPEG, 1..100. */
  readonly jpegQuality: number;
}

/** What is recorded. */
export interface Trial extends RecordingPlace {
  readonly deviceId: string;
  readonly trialLabel: string;
}
