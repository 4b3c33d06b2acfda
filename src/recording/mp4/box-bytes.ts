import assert from "node:assert/strict";
import { byteCountOf } from "../pieces.ts";

/** Size and type: a box's header without 64-bit size (ISO/IEC 14496-12, 4.2.2). */
export const BOX_HEADER_BYTES = 8;

/** A whole box as it stands in a file. */
export interface BoxBytes {
  /** Four characters. */
  readonly type: string;
  /** Header included. Borrowed from what it was found in, as `payload` is. */
  readonly bytes: Uint8Array;
  readonly payload: Uint8Array;
}

/** A box around these bytes, which lie one after the other. */
export function makeBox(type: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(wrapInBox(type, parts));
}

/** The same in pieces, nothing copied. */
export function wrapInBox(type: string, parts: readonly Uint8Array[]): Uint8Array[] {
  return [boxHeader(type, BOX_HEADER_BYTES + byteCountOf(parts)), ...parts];
}

/** The header of a box of `byteCount` bytes in all. */
function boxHeader(type: string, byteCount: number): Uint8Array {
  assert(byteCount < 2 ** 32, `${type} box of ${byteCount} bytes`);
  const header = Buffer.alloc(BOX_HEADER_BYTES);
  header.writeUInt32BE(byteCount);
  header.write(type, 4, "latin1");
  return header;
}

/** The boxes that fill `bytes`, which hold nothing else: asserted. */
export function splitBoxes(bytes: Uint8Array): BoxBytes[] {
  const boxes: BoxBytes[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.byteLength; ) {
    const end = at + view.getUint32(at);
    assert(end >= at + BOX_HEADER_BYTES && end <= bytes.byteLength, `a box at byte ${at} ends at ${end}`);
    const box = bytes.subarray(at, end);
    const type = String.fromCharCode(...box.subarray(4, BOX_HEADER_BYTES));
    boxes.push({ type, bytes: box, payload: box.subarray(BOX_HEADER_BYTES) });
    at = end;
  }
  return boxes;
}
