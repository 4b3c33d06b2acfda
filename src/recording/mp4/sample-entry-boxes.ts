import type { Colour } from "../../capture/stream-format.ts";
import { buildAvcConfiguration } from "../h264/avc-configuration.ts";
import type { VideoTrack } from "./video-track.ts";

/** A box without children: its type and the bytes after its header. */
export interface LeafBox {
  readonly fourcc: string;
  readonly payload: Uint8Array<ArrayBuffer>;
}

/** The boxes inside a track's sample entry: how to decode it, then its colours. */
export function sampleEntryBoxes(track: VideoTrack): LeafBox[] {
  const decoder =
    track.codec === "h264"
      ? { fourcc: "avcC", payload: buildAvcConfiguration(track.parameterSets) }
      : { fourcc: "esds", payload: JPEG_STREAM_DESCRIPTOR };
  return [decoder, { fourcc: "colr", payload: colourInformation(track.colour) }];
}

/** ColourInformationBox of type `nclx` (ISO/IEC 14496-12, 12.1.5): code points of H.273, range in the top bit. */
function colourInformation({ primaries, transfer, matrix, fullRange }: Colour): Uint8Array<ArrayBuffer> {
  const payload = new Uint8Array(11);
  const view = new DataView(payload.buffer);
  payload.set(Buffer.from("nclx", "latin1"));
  view.setUint16(4, primaries);
  view.setUint16(6, transfer);
  view.setUint16(8, matrix);
  view.setUint8(10, fullRange ? 0x80 : 0);
  return payload;
}

/**
 * ESDBox (ISO/IEC 14496-14, 5.6) around an ES_Descriptor (14496-1, 7.2.6.5) that says: a visual stream of JPEG images
 * (object type 0x6C), rates and buffer size unsaid, no decoder-specific data.
 */
const JPEG_STREAM_DESCRIPTOR = Uint8Array.from([
  ...[0, 0, 0, 0], // version, flags
  ...[0x03, 21, 0, 0, 0], // ES_Descriptor: ES_ID 0 as 14496-14 wants it in files, no optional parts
  ...[0x04, 13, 0x6c, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], // DecoderConfigDescriptor: streamType 4, one reserved bit
  ...[0x06, 1, 2], // SLConfigDescriptor: predefined for MP4 files
]);
