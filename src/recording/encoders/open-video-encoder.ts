import type { StreamFormat } from "../../capture/stream-format.ts";
import { RuntimeError } from "../../errors.ts";
import type { NativeEncoderConfig } from "../../native/encoder-library.ts";
import { lowestH264Level } from "../h264/h264-level.ts";
import type { VideoCodec, VideoEncoder, VideoEncoderEvents } from "../video-encoder.ts";
import { NativeVideoEncoder } from "./native-video-encoder.ts";

export type EncoderChoice = "auto" | "v4l2m2m" | "software";

interface VideoEncoderOptions {
  readonly choice: EncoderChoice;
  readonly codec: VideoCodec;
  readonly format: StreamFormat;
  /** Frames per second that it will get. */
  readonly frameRate: number;
  /** H.264: bit/s. */
  readonly bitrate: number;
  /** JPEG: 1..100. */
  readonly jpegQuality: number;
  /** Frames that it may hold at one time. */
  readonly queueFramesMax: number;
}

export type OpenVideoEncoder = (options: VideoEncoderOptions, events: VideoEncoderEvents) => Promise<VideoEncoder>;

/** The recorder forces its key frames by time; the encoder's own interval only bounds what a fault could do. */
const KEY_INTERVAL_SECONDS_MAX = 10;

/** Opens the encoder that the options ask for. Throws `encoder_unavailable` or `encoder_failed`. */
export const openVideoEncoder: OpenVideoEncoder = async (options, events) => {
  if (options.choice === "v4l2m2m") {
    throw new RuntimeError("encoder_unavailable", "encoder v4l2m2m is not built yet: expected auto or software");
  }
  const { codec, format, frameRate, bitrate, jpegQuality, queueFramesMax } = options;
  const config: NativeEncoderConfig = {
    input: format,
    outputWidth: format.width,
    outputHeight: format.height,
    frameRate,
    bitrate,
    keyIntervalFrames: Math.ceil(frameRate * KEY_INTERVAL_SECONDS_MAX),
    levelIdc: codec === "h264" ? levelFor(options) : 0,
    quality: jpegQuality,
    queueFramesMax,
  };
  return await NativeVideoEncoder.open(codec === "h264" ? "x264" : "image", codec, config, events);
};

function levelFor({ format: { width, height }, frameRate, bitrate }: VideoEncoderOptions): number {
  const level = lowestH264Level({ width, height, framesPerSecond: frameRate, bitsPerSecond: bitrate, profile: "main" });
  if (level !== undefined) return level;
  throw new RuntimeError(
    "encoder_failed",
    `no H.264 level allows ${width}x${height} at ${frameRate} frames/s and ${bitrate} bit/s: expected less of one of them`,
  );
}
