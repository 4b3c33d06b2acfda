import { METADATA_UUID } from "../recording/metadata/metadata-uuid.ts";
import type { BoxReader } from "./box-reader.ts";

const UUID_BYTES = 16;

/** The payloads of the movie box's `uuid` boxes (ISO/IEC 14496-12, 11.1) that hold metadata: one, in a sound recording. */
export function readMetadataBoxes(moov: readonly BoxReader[]): Uint8Array[] {
  return moov
    .filter((box) => box.type === "uuid" && box.remainingBytes >= UUID_BYTES)
    .filter((box) => Buffer.from(box.bytes(UUID_BYTES)).toString("hex") === METADATA_UUID.replaceAll("-", ""))
    .map((box) => box.bytes(box.remainingBytes));
}
