import { makeBox } from "../mp4/box-bytes.ts";
import { METADATA_UUID } from "./metadata-uuid.ts";

/** The box that a movie box holds a recording's metadata in. `text`: that of its `…_recording.json`, byte for byte. */
export function metadataBox(text: string): Uint8Array {
  return makeBox("uuid", Buffer.from(METADATA_UUID.replaceAll("-", ""), "hex"), Buffer.from(text));
}
