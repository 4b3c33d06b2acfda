import type { StreamInfo } from "../../../../src/capture/frame-source.ts";
import type { StreamFormat } from "../../../../src/capture/stream-format.ts";
import type { NativeEncoderConfig } from "../../../../src/native/encoder-structs.ts";

/**
 * The encoder's watchdog waits for 2.5 frames at this rate. In software emulation the "hardware" shares the CPU with
 * everybody else, and may get none of it for a while.
 */
const FRAME_RATE = 1;

/** What vicodec is told. `info`: of the camera whose frames it is to get; undefined for frames in plain memory. */
export function fwhtConfig(format: StreamFormat, queueFramesMax: number, info?: StreamInfo): NativeEncoderConfig {
  return {
    input: format,
    outputWidth: format.width,
    outputHeight: format.height,
    frameRate: FRAME_RATE,
    bitrate: 4_000_000,
    keyIntervalFrames: 10,
    levelIdc: 0,
    quality: 0,
    queueFramesMax,
    codec: "fwht",
    bufferCount: info?.bufferCount ?? 0,
    memory: info?.memory,
  };
}
