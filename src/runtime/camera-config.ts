import { z } from "zod";
import { SyntheticFaults } from "../capture/synthetic-faults.ts";

const PictureSize = z.object({
  width: z.number().int().min(16).max(16_384),
  height: z.number().int().min(16).max(16_384),
});

/** Where frames come from. Never chosen for the user: a missing camera is an error, not a made-up picture. */
const SourceConfig = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("libcamera") }),
  z.object({ kind: z.literal("synthetic"), faults: SyntheticFaults }),
  z.object({
    kind: z.literal("replay"),
    path: z.string().min(1),
    /** What a raw file's bytes are; absent for Y4M. stride: bytes from one luma row to the next. */
    raw: PictureSize.extend({ stride: z.number().int().max(65_536) })
      .refine(({ width, stride }) => stride >= width)
      .optional(),
    /** As fast as frames are taken; absent: in real time. */
    pace: z.literal("free").optional(),
  }),
]);
export type SourceConfig = z.infer<typeof SourceConfig>;

/** EncoderChoice of src/recording. A device's link (/dev/v4l/by-path/…) will do as well. */
const EncoderConfig = z.discriminatedUnion("kind", [
  z.object({ kind: z.enum(["auto", "software"]) }),
  z.object({ kind: z.literal("v4l2m2m"), device: z.string().startsWith("/").optional() }),
]);
export type EncoderConfig = z.infer<typeof EncoderConfig>;

const FrameRate = z.number().min(0.1).max(1000);

/** How the camera is captured, recorded and previewed. Rates in frames per second. */
export const CameraConfig = z.object({
  source: SourceConfig.default({ kind: "libcamera" }),
  /** In libcamera's list sorted by id, without USB cameras; undefined: the host says which, else the first. */
  cameraIndex: z.number().int().min(0).max(1000).optional(),
  /** undefined: the sensor's native size. */
  size: PictureSize.optional(),
  /** undefined: the record rate. */
  captureFps: FrameRate.optional(),
  recordFps: FrameRate.default(30),
  previewFps: FrameRate.default(5),
  /** Preview size as a part of the picture's. */
  previewScale: z.number().gt(0).max(1).default(0.25),
  /** For previews and for codec mjpeg. */
  jpegQuality: z.number().int().min(1).max(100).default(85),
  codec: z.enum(["h264", "mjpeg"]).default("h264"),
  encoder: EncoderConfig.default({ kind: "auto" }),
  /** bit/s. */
  bitrate: z.number().int().min(10_000).max(240_000_000).default(8_000_000),
  /** From the command to the first captured frame, ms. */
  firstFrameTimeoutMs: z.number().min(1).max(600_000).default(10_000),
  /** Before the attempts to have a failed camera back, ms: the first is doubled each time, up to the longest. */
  reconnectPausesMs: z
    .object({ first: z.number().min(1).default(1000), longest: z.number().min(1).default(30_000) })
    .prefault({}),
});
export type CameraConfig = z.infer<typeof CameraConfig>;
