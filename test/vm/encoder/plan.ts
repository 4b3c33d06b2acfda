import type { PixelFormat } from "../../../src/capture/stream-format.ts";

/** What the guest does with the kernel's V4L2 encoder (vicodec, FWHT) and the host judges. */

/** The folder on the share that all of it is in. */
export const encoderFolder = "encoder";

/** One stream of frames through an encoder and, decoded again, back. Its files are in a folder of this name. */
export interface StreamCase {
  readonly name: string;
  /** How vicodec is loaded. */
  readonly api: "single-planar" | "multi-planar";
  /** camera: vimc's buffers. memory: pictures that the host painted, in plain memory. */
  readonly from: "camera" | "memory";
  /** burst: all at once, whatever the encoder can hold. steady: the next one when there is room. */
  readonly pace: "steady" | "burst";
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: PixelFormat;
  /** Frames that are offered. */
  readonly frameCount: number;
  /** Frames that the encoder may hold. */
  readonly queueFramesMax: number;
  /** Frames whose pictures are compared, by their numbers among those that the encoder took. */
  readonly compared: readonly number[];
  readonly zeroCopy: boolean;
}

/**
 * vimc takes multiples of 6 and vicodec takes multiples of 8 as they are: a buffer of the one is one of the other. The
 * least that vicodec takes is 640x360.
 */
const shared = { width: 648, height: 360, pixelFormat: "BGR888", from: "camera", zeroCopy: true } as const;
const painted = { from: "memory", zeroCopy: false, pace: "steady", frameCount: 8, queueFramesMax: 3 } as const;
const eight = [0, 1, 2, 3, 4, 5, 6, 7];

const fromCamera: StreamCase = {
  ...shared,
  name: "dmabuf",
  api: "single-planar",
  pace: "steady",
  frameCount: 40,
  queueFramesMax: 3,
  compared: [0, 1, 19, 20, 37, 38, 39],
};

export const streamCases = {
  dmabuf: fromCamera,
  secondEncoder: {
    ...fromCamera,
    name: "second-encoder",
    frameCount: 12,
    compared: [0, 1, 10, 11],
  },
  /** The same again on a device that was gone and came back. */
  reconnected: { ...fromCamera, name: "reconnected", frameCount: 6, compared: [0, 1, 4, 5] },
  /** vicodec makes 368 rows of 366, and a buffer of vimc's ends 2688 bytes before that. */
  shortDmabuf: {
    ...fromCamera,
    name: "short-dmabuf",
    height: 366,
    frameCount: 8,
    compared: eight,
    zeroCopy: false,
  },
  /** The encoder may hold more frames than the device has buffers for. */
  nv12: {
    ...painted,
    queueFramesMax: 8,
    name: "nv12",
    api: "single-planar",
    pixelFormat: "NV12",
    width: 640,
    height: 360,
    compared: eight,
  },
  oddYuv420: {
    ...painted,
    name: "odd-yuv420",
    api: "single-planar",
    pixelFormat: "YUV420",
    width: 642,
    height: 362,
    compared: eight,
  },
  oddNv12: {
    ...painted,
    name: "odd-nv12",
    api: "single-planar",
    pixelFormat: "NV12",
    width: 650,
    height: 366,
    compared: eight,
  },
  burst: {
    ...painted,
    name: "burst",
    api: "single-planar",
    pace: "burst",
    pixelFormat: "YUV420",
    width: 640,
    height: 360,
    frameCount: 16,
    compared: [0, 1, 2],
  },
  multiplanarDmabuf: {
    ...fromCamera,
    name: "multiplanar-dmabuf",
    api: "multi-planar",
    frameCount: 20,
    compared: [0, 1, 2, 18, 19],
  },
  multiplanarOdd: {
    ...painted,
    name: "multiplanar-odd",
    api: "multi-planar",
    pixelFormat: "YUV420",
    width: 642,
    height: 362,
    compared: eight,
  },
} satisfies Record<string, StreamCase>;

/** The cases that are more, or less, than one stream. */
export const otherCases = ["drains", "cycles", "multiplanar-cycles", "unbind", "refusals", "list"] as const;
export type OtherCase = (typeof otherCases)[number];

export const cycleCount = 100;
/** Of the cycles, each n-th is ended with frames in the encoder; odd, so that both kinds of them are. */
export const abortEvery = 9;
/** Fewer: what differs is how buffers are described, not how they are kept. */
export const multiplanarCycleCount = 20;

/** Encoders that are drained when they had no frame, or no time. The frames are those of the case burst. */
export const drainParts = [
  { part: "unused", frameCount: 0, isOpen: true },
  { part: "unused, while it opens", frameCount: 0, isOpen: false },
  { part: "used, while it opens", frameCount: 2, isOpen: false },
] as const;

/** What a recording may name as the device of an H.264 encoder: the name that a driver gave a node, or a path. */
export const refusedDevices = [
  { what: "none", node: undefined, path: undefined },
  { what: "the encoder of another codec", node: "stateful-encoder", path: undefined },
  { what: "a decoder", node: "stateful-decoder", path: undefined },
  { what: "a camera", node: "RGB/YUV Capture", path: undefined },
  { what: "a node that is not there", node: undefined, path: "/dev/video99" },
  { what: "a device of another kind", node: undefined, path: "/dev/null" },
] as const;

/** A frame as it went in: its planes, one after the other. */
export function sourceName(index: number): string {
  return `source-${index}.raw`;
}
