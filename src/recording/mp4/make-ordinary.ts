import { BOX_HEADER_BYTES, makeBox } from "./box-bytes.ts";
import { mediaDataHeader } from "./reserved-box.ts";

/** A file as this needs it; each throws where it can't. */
interface GrowingFile {
  readonly byteCount: number;
  append(bytes: Uint8Array): Promise<void>;
  overwrite(position: number, bytes: Uint8Array): Promise<void>;
  datasync(): Promise<void>;
}

/**
 * Makes an ordinary MP4 file (one movie box with all tables, one media data box) of a fragmented one, in place:
 *
 *     ftyp  free  moov  free moof mdat  free moof mdat …              while recording
 *     ftyp  free  moov  free moof mdat  free moof mdat … free(moov)   1. appended, 2. on the disk: still fragmented
 *     ftyp  mdat(                                      …      ) moov  3. 16 bytes overwritten, 4. on the disk: ordinary
 *
 * No media is copied, and the file is whole at every moment, whatever ends first, the process or the power:
 *
 * - 1. the final movie box comes hidden in a free space box. Readers pass over that, also where it is cut off; a second
 *   bare movie box would be for them to make sense of.
 * - 2. it is on the disk before the header names it.
 * - 3. one write of 16 bytes turns the reserved box into the header of a media data box that ends right before the final
 *   movie box. They lie in the file's first 512 bytes: a disk writes such a sector wholly or not at all.
 *
 * `reservedAt`: where the reserved box is. `moov`: the final movie box, in pieces.
 */
export async function makeOrdinary(file: GrowingFile, reservedAt: number, moov: readonly Uint8Array[]): Promise<void> {
  const moovAt = file.byteCount + BOX_HEADER_BYTES;
  await file.append(makeBox("free", ...moov));
  await file.datasync();
  await file.overwrite(reservedAt, mediaDataHeader(moovAt - reservedAt));
  await file.datasync();
}
