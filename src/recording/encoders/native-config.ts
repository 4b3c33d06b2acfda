import { RuntimeError } from "../../errors.ts";
import type { NativeEncoderConfig } from "../../native/encoder-structs.ts";
import { lowestH264Level } from "../h264/h264-level.ts";
import type { VideoEncoderOptions } from "./video-encoder-options.ts";

/** The recorder forces its key frames by time; the encoder's own interval only bounds what a fault could do. */
const KEY_INTERVAL_SECONDS_MAX = 10;

/**
 * What a native encoder is told. `profile`: the H.264 profile that it encodes to, which the level depends on. Throws
 * `encoder_failed` where no H.264 level allows what is asked.
 */
export function nativeConfig(options: VideoEncoderOptions, profile: "main" | "high"): NativeEncoderConfig {
  const { codec, format, memory, bufferCount, frameRate, bitrate, jpegQuality, queueFramesMax } = options;
  return {
    input: format,
    outputWidth: format.width,
    outputHeight: format.height,
    frameRate,
    bitrate,
    keyIntervalFrames: Math.ceil(frameRate * KEY_INTERVAL_SECONDS_MAX),
    levelIdc: codec === "h264" ? levelFor(options, profile) : 0,
    quality: jpegQuality,
    queueFramesMax,
    codec: codec === "h264" ? "h264" : "jpeg",
    bufferCount,
    memory,
  };
}

function levelFor({ format, frameRate, bitrate }: VideoEncoderOptions, profile: "main" | "high"): number {
  const { width, height } = format;
  const level = lowestH264Level({ width, height, framesPerSecond: frameRate, bitsPerSecond: bitrate, profile });
  if (level !== undefined) return level;
  throw new RuntimeError(
    "encoder_failed",
    `no H.264 level allows ${width}x${height} at ${frameRate} frames/s and ${bitrate} bit/s: expected less of one of them`,
  );
}
