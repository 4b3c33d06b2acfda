import type { FrameMemory } from "../capture/frame-source.ts";
import type { Colour, StreamFormat } from "../capture/stream-format.ts";
import { RuntimeError } from "../errors.ts";
import { LAYOUT_BYTES, readColour, writeLayout } from "./layout-struct.ts";
import { newStruct, readText } from "./struct.ts";

export interface NativeEncoderConfig {
  readonly input: StreamFormat;
  readonly outputWidth: number;
  readonly outputHeight: number;
  /** Nominal frames per second, for rate control. */
  readonly frameRate: number;
  /** bit/s. */
  readonly bitrate: number;
  readonly keyIntervalFrames: number;
  /** H.264 level times ten. */
  readonly levelIdc: number;
  /** JPEG quality, 1..100. */
  readonly quality: number;
  readonly queueFramesMax: number;
  /** fwht: what the kernel's test driver vicodec encodes to. */
  readonly codec: "h264" | "jpeg" | "fwht";
  /** Buffers that frames come in; 0: not known. */
  readonly bufferCount: number;
  /** Where frames lie, for an encoder that reads dmabufs; undefined: not in dmabufs. */
  readonly memory?: FrameMemory | undefined;
  /** The device node, of library m2m; undefined: the first that fits. */
  readonly device?: string | undefined;
}

/** What an encoder turned out to be. */
export interface NativeEncoderInfo {
  /** E.g. `libx264 core 164`. */
  readonly name: string;
  /** The colour that the stream is written with. */
  readonly colour: Colour;
  /** Frames reach it as dmabufs, untouched by the CPU. */
  readonly zeroCopy: boolean;
  /** Frames that were copied into the encoder's own memory so far. */
  readonly copiedFrames: number;
}

/** Bytes of the structs of csi_encoder.h, and of a device's path in them. */
export const ENCODER_BYTES = { config: 168, frame: 64, event: 24, info: 144, device: 64 } as const;
/** In the order of `enum CsiCodec`. */
export const CODECS: readonly NativeEncoderConfig["codec"][] = ["h264", "jpeg", "fwht"];

const PLANES_MAX = 3;
/** Rates travel as a fraction of this denominator. */
const RATE_DENOMINATOR = 1000;
// Offsets in CsiEncoderConfig and CsiEncoderInfo, bytes.
const CONFIG_FDS = 76;
const CONFIG_BUFFER_COUNT = 88;
const CONFIG_OFFSETS = 92;
const CONFIG_DEVICE = 104;
const INFO_NAME = 16;

/** `CsiEncoderConfig`. Throws `encoder_failed` where the device's path does not fit. */
export function encoderConfigStruct(config: NativeEncoderConfig): Uint8Array {
  const { bytes, view } = newStruct(ENCODER_BYTES.config);
  writeLayout(view, 0, config.input);
  const fields = [
    config.outputWidth,
    config.outputHeight,
    Math.round(config.frameRate * RATE_DENOMINATOR),
    RATE_DENOMINATOR,
    config.bitrate,
    config.keyIntervalFrames,
    config.levelIdc,
    config.quality,
    0, // threads: as many as the encoder thinks best
    config.queueFramesMax,
    CODECS.indexOf(config.codec),
  ];
  fields.forEach((value, index) => {
    view.setUint32(LAYOUT_BYTES + 4 * index, value, true);
  });
  for (let plane = 0; plane < PLANES_MAX; plane++) {
    view.setInt32(CONFIG_FDS + 4 * plane, config.memory?.dmabufFds[plane] ?? -1, true);
    view.setUint32(CONFIG_OFFSETS + 4 * plane, config.memory?.dmabufOffsets[plane] ?? 0, true);
  }
  view.setUint32(CONFIG_BUFFER_COUNT, config.bufferCount, true);
  bytes.set(devicePath(config.device ?? ""), CONFIG_DEVICE);
  return bytes;
}

/** Reads `CsiEncoderInfo`. */
export function readEncoderInfo(bytes: Uint8Array, view: DataView): NativeEncoderInfo {
  return {
    name: readText(bytes, INFO_NAME, bytes.length - INFO_NAME),
    colour: readColour(view, 0),
    zeroCopy: view.getUint32(4, true) !== 0,
    copiedFrames: Number(view.getBigUint64(8, true)),
  };
}

function devicePath(path: string): Uint8Array {
  const bytes = new TextEncoder().encode(path);
  const bytesMax = ENCODER_BYTES.device - 1;
  if (bytes.length <= bytesMax) return bytes;
  throw new RuntimeError(
    "encoder_failed",
    `the encoder device's path has ${bytes.length} bytes, expected at most ${bytesMax}`,
  );
}
