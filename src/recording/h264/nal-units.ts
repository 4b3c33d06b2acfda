import { RuntimeError } from "../../errors.ts";

/** NAL unit types that the recorder tells apart: ITU-T H.264, table 7-1. */
export const NAL_SLICE = 1;
export const NAL_SLICE_IDR = 5;
export const NAL_SPS = 7;
export const NAL_PPS = 8;

/** Bytes of the length before each NAL unit; `lengthSizeMinusOne` of the avcC record is one less. */
export const NAL_LENGTH_BYTES = 4;

/** Where one NAL unit lies in its chunk. */
export interface NalUnit {
  readonly type: number;
  /** Offset of its length field. */
  readonly lengthAt: number;
  /** Offset of its first byte, the NAL header. */
  readonly start: number;
  /** Offset after its last byte. */
  readonly end: number;
}

/**
 * The NAL units of a chunk, each after its length in 4 bytes big endian (ISO/IEC 14496-15, 5.3.4.2).
 * Throws `encoder_failed` when the lengths do not add up to the chunk's own.
 */
export function listNalUnits(chunk: Uint8Array): NalUnit[] {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const units: NalUnit[] = [];
  let at = 0;
  while (at < chunk.byteLength) {
    const start = at + NAL_LENGTH_BYTES;
    if (start >= chunk.byteLength) throw brokenChunk(at, chunk, "no room for a length and a NAL unit");
    const byteCount = view.getUint32(at);
    const end = start + byteCount;
    if (byteCount === 0 || end > chunk.byteLength) throw brokenChunk(at, chunk, `a NAL unit of ${byteCount} bytes`);
    units.push({ type: view.getUint8(start) & 0x1f, lengthAt: at, start, end });
    at = end;
  }
  return units;
}

function brokenChunk(at: number, chunk: Uint8Array, got: string): RuntimeError {
  return new RuntimeError(
    "encoder_failed",
    `H.264 chunk is broken at byte ${at}: got ${got}, expected length-prefixed NAL units filling ${chunk.byteLength} bytes`,
  );
}
