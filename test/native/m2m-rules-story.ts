import { z } from "zod";

// What m2m-rules-program.ts is told, and what it tells.

const PlayOptions = z.object({
  codec: z.enum(["h264", "mjpeg"]).default("h264"),
  width: z.number().default(320),
  height: z.number().default(240),
  /** Of luma, bytes; the width unless it says otherwise. */
  stride: z.number().optional(),
  colour: z.enum(["rec709", "smpte170m"]).default("smpte170m"),
  /** Where the pictures lie. short_dmabuf: the encoder is told of a dmabuf that is too short for one. */
  memory: z.enum(["dmabuf", "short_dmabuf", "own"]).default("dmabuf"),
  frames: z.number().default(20),
  /** What the pictures are taken turns in. */
  buffers: z.number().default(6),
  queueFramesMax: z.number().default(4),
  frameRate: z.number().default(30),
  bitrate: z.number().default(4_000_000),
  /** Frames that are to be key frames. */
  forceKey: z.array(z.number()).default([0]),
  /** A time in which no frame comes; else each does as soon as there is room. */
  pause: z.object({ beforeFrame: z.number(), ms: z.number() }).optional(),
});
export type PlayOptions = z.input<typeof PlayOptions>;

export function parsePlayOptions(text: string): z.infer<typeof PlayOptions> {
  return PlayOptions.parse(JSON.parse(text));
}

const at = { atMs: z.number() };
const code = z.string();
const message = z.string();
const frame = z.number();

export const PlayEvent = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("opened"), ...at, name: z.string(), zeroCopy: z.boolean() }),
  z.object({ kind: z.literal("not_opened"), ...at, code, message }),
  z.object({ kind: z.literal("submitted"), ...at, frame }),
  /** The encoder reads its pixels no more. */
  z.object({ kind: z.literal("released"), ...at, frame }),
  z.object({ kind: z.literal("chunk"), ...at, frame, isKey: z.boolean(), byteCount: z.number() }),
  z.object({ kind: z.literal("skipped"), ...at, frame, reason: z.string() }),
  z.object({ kind: z.literal("warning"), ...at, code, message }),
  z.object({ kind: z.literal("failed"), ...at, code, message }),
  z.object({ kind: z.literal("draining"), ...at }),
  z.object({ kind: z.literal("drained"), ...at }),
  z.object({ kind: z.literal("closed"), ...at, zeroCopy: z.boolean(), copiedFrames: z.number() }),
]);
export type PlayEvent = z.infer<typeof PlayEvent>;

/** When a frame was taken, µs: what an encoder has to be told. */
export function timeUsOf(frameNumber: number): number {
  return Number(timestampNsOf(frameNumber) / 1000n);
}

/** A sensor's time: no whole number of microseconds. */
export function timestampNsOf(frameNumber: number): bigint {
  return FIRST_TIMESTAMP_NS + BigInt(frameNumber) * INTERVAL_NS;
}

export function frameAt(timestampNs: bigint): number {
  return Number((timestampNs - FIRST_TIMESTAMP_NS) / INTERVAL_NS);
}

const FIRST_TIMESTAMP_NS = 1_000_000_777n;
const INTERVAL_NS = 33_333_333n;
