import assert from "node:assert/strict";
import { BOX_HEADER_BYTES, makeBox, wrapInBox } from "./box-bytes.ts";

/** A disk writes so many bytes wholly or not at all. */
const SECTOR_BYTES = 512;
/** Of a box's size, which begins it. */
const SIZE_BYTES = 4;

/** Fragments to append to a file, and the change in place that reveals them: places count from the file's beginning. */
export interface HiddenFragments {
  readonly pieces: readonly Uint8Array[];
  /** Where the first fragment begins. */
  readonly fragmentsAt: number;
  readonly reveal: { readonly at: number; readonly bytes: Uint8Array };
}

/**
 * Wraps fragments, given in pieces and to be appended at byte `at` of a file, in a free space box (ISO/IEC 14496-12, 8.1.2). Readers pass over
 * it, also where the file ends inside it: ffmpeg refuses a whole file that ends inside a `moof`. Once the disk has all of
 * them, the box is made as small as its header: one write of 4 bytes, and all its fragments are there at once.
 *
 *     … mdat  free(moof mdat  moof mdat)     →     … mdat  free  moof mdat  moof mdat
 *
 * A power cut can't leave half of those 4 bytes: where they would lie in two sectors, an empty box comes before them.
 */
export function hideFragments(at: number, fragments: readonly Uint8Array[]): HiddenFragments {
  const isSplit = at % SECTOR_BYTES > SECTOR_BYTES - SIZE_BYTES;
  const padding = isSplit ? [makeBox("free")] : [];
  const hiddenAt = at + (isSplit ? BOX_HEADER_BYTES : 0);
  assert(hiddenAt % SECTOR_BYTES <= SECTOR_BYTES - SIZE_BYTES);
  return {
    pieces: [...padding, ...wrapInBox("free", fragments)],
    fragmentsAt: hiddenAt + BOX_HEADER_BYTES,
    reveal: { at: hiddenAt, bytes: Uint8Array.of(0, 0, 0, BOX_HEADER_BYTES) },
  };
}
