import type { FrameMemory } from "../../capture/frame-source.ts";
import type { StreamFormat } from "../../capture/stream-format.ts";
import type { VideoCodec } from "../video-encoder.ts";

/**
 * Which encoder is to record. auto: the hardware's where it can, else software. v4l2m2m: the hardware's or none;
 * `device`: its node, undefined for the first that fits.
 */
export type EncoderChoice =
  | { readonly kind: "auto" | "software" }
  | { readonly kind: "v4l2m2m"; readonly device?: string | undefined };

export interface VideoEncoderOptions {
  readonly choice: EncoderChoice;
  readonly codec: VideoCodec;
  readonly format: StreamFormat;
  /** Where the source's frames lie; undefined: not in dmabufs. */
  readonly memory: FrameMemory | undefined;
  /** Buffers that the source's frames come in. */
  readonly bufferCount: number;
  /** Frames per second that it will get. */
  readonly frameRate: number;
  /** H.264: bit/s. */
  readonly bitrate: number;
  /** JPEG: 1..100. */
  readonly jpegQuality: number;
  /** Frames that it may hold at one time. */
  readonly queueFramesMax: number;
}
