import assert from "node:assert/strict";
import { makeBox } from "./box-bytes.ts";

/** What the reserved box holds while recording, so that `repair` knows a file that this module began. */
export const RESERVED_MARK = "csicam01";

/**
 * Room for one 64-bit box header (ISO/IEC 14496-12, 4.2.2) right after `ftyp`: while recording a free space box (8.1.2),
 * which readers pass over; at the end the header of the media data box that takes in all that was written.
 */
export const RESERVED_BOX: Uint8Array = makeBox("free", Buffer.from(RESERVED_MARK, "latin1"));

/** The header of a media data box (8.1.1) of `byteCount` bytes, itself included; takes the reserved box's place. */
export function mediaDataHeader(byteCount: number): Uint8Array<ArrayBuffer> {
  assert(Number.isSafeInteger(byteCount) && byteCount >= RESERVED_BOX.byteLength, `mdat of ${byteCount} bytes`);
  const header = new Uint8Array(RESERVED_BOX.byteLength);
  const view = new DataView(header.buffer);
  view.setUint32(0, 1); // the size is in 64 bits after the type
  header.set(Buffer.from("mdat", "latin1"), 4);
  view.setBigUint64(8, BigInt(byteCount));
  return header;
}
