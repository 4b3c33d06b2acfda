import type { CapturedFrame } from "../capture/captured-frame.ts";
import type { Colour } from "../capture/stream-format.ts";
import type { RuntimeError } from "../errors.ts";
import type { MemoryFor } from "../native/encoder-library.ts";
import type { DropReason } from "../pipeline/frame-ledger.ts";

export type VideoCodec = "h264" | "mjpeg";

/** One encoded picture. H.264: NAL units, each after its length in 4 bytes big endian (ISO/IEC 14496-15). JPEG: one JFIF image. */
export interface EncodedChunk {
  readonly data: Uint8Array;
  /** That of the frame it was made from. */
  readonly sensorTimestampNs: bigint;
  readonly isKey: boolean;
}

export interface VideoEncoderInfo {
  /** E.g. `libx264 core 164`. */
  readonly name: string;
  readonly codec: VideoCodec;
  /** What the stream says of its colours. */
  readonly colour: Colour;
  /** Frames reach the encoder without being copied by the CPU. */
  readonly zeroCopy: boolean;
  /** Frames that the CPU had to copy into the encoder's memory so far. */
  readonly copiedFrames: number;
}

/** Why an encoder gave no chunk for a frame. */
export type SkipDropReason = Extract<DropReason, "encoder_skip" | "encoder_error" | "encoder_stall" | "encoder_failed">;

/** Something that a recording survives and the host is to know. */
export type EncoderWarning =
  | "encoder_fallback" // the software encoder is used in place of one that is there and can't be
  | "encoder_restarted"; // the encoder was closed and opened again

export interface VideoEncoderEvents {
  /** Where a chunk's bytes are to lie, which are the callee's again with `onChunk`; absent: in new memory. */
  readonly memoryFor?: MemoryFor;
  onChunk(chunk: EncodedChunk): void;
  /** The encoder made nothing of this frame. */
  onSkipped(sensorTimestampNs: bigint, reason: SkipDropReason): void;
  /** `message`: a sentence. The encoder's `info` may be a new one. */
  onWarning(code: EncoderWarning, message: string): void;
  /** The encoder is dead; every frame not yet answered has been skipped first. */
  onFailure(error: RuntimeError): void;
}

export interface VideoEncoder extends AsyncDisposable {
  readonly info: VideoEncoderInfo;
  /**
   * Hands a frame over. The encoder retains it while it reads its pixels and answers later with one chunk or one skip.
   * Returns false, taking nothing, when as many frames as the encoder may hold are in it already.
   */
  submit(frame: CapturedFrame, options: { forceKey: boolean }): boolean;
  /** Finishes what was submitted; resolves when all of it was answered. Nothing may be submitted afterwards. */
  drain(): Promise<void>;
  /** Ends it, drained or not; frames in it are released without an answer. Idempotent. */
  close(): Promise<void>;
}
